"""Derived tokens, codes and tags: docs/formats/derived-tokens.md."""

import hashlib
import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from letterlock.foundation.vault import deriving, platform_keys
from tests.foundation.vault import by_the_page
from tests.foundation.vault.conftest import Plant, at, new_platform
from tests.foundation.vault.vectors import cases


@cases("derived-tokens/tokens-and-codes.json")
def test_tokens_and_codes_are_those_of_their_vector(case: dict[str, Any], plant_platform_key: Plant) -> None:
    context = case["context"]
    platform_id, row_id, generation = UUID(context["platform"]), UUID(context["object"]), context["generation"]
    plant_platform_key(platform_id, 1, bytes.fromhex(case["platform_key"]))
    named = {"platform_id": platform_id, "row_id": row_id, "generation": generation}
    assert deriving.derive_token(context["purpose"], **named) == case["token"]
    assert deriving.derive_code(context["purpose"], **named) == case["code"]


@cases("derived-tokens/tokens-and-codes.json")
def test_a_second_implementation_derives_the_same_tokens_and_codes(case: dict[str, Any]) -> None:
    key = links_key(case["platform_key"], case["context"]["platform"])
    assert by_the_page.token(key, case["context"]) == case["token"]
    assert by_the_page.code(key, case["context"]) == case["code"]


@cases("derived-tokens/tags.json")
def test_tags_are_those_of_their_vector(case: dict[str, Any], plant_platform_key: Plant) -> None:
    platform_id = UUID(case["platform"])
    plant_platform_key(platform_id, 1, bytes.fromhex(case["platform_key"]))
    assert deriving.derive_tag(*case["parts"], platform_id=platform_id) == case["tag"]


@cases("derived-tokens/tags.json")
def test_a_second_implementation_derives_the_same_tags(case: dict[str, Any]) -> None:
    key = links_key(case["platform_key"], case["platform"])
    assert by_the_page.tag(key, case["platform"], case["parts"]) == case["tag"]


def test_whatever_a_token_is_made_from_changes_it(platform_id: UUID) -> None:
    row = uuid4()
    named = [
        ("invitation", platform_id, row, 1),
        ("reset", platform_id, row, 1),
        ("invitation", new_platform(), row, 1),
        ("invitation", platform_id, uuid4(), 1),
        ("invitation", platform_id, row, 2),
    ]
    for derive in (deriving.derive_token, deriving.derive_code):
        derived = {
            derive(purpose, platform_id=platform, row_id=row_id, generation=generation)
            for purpose, platform, row_id, generation in named
        }
        assert len(derived) == len(named)


def test_a_token_and_a_code_have_their_shape(platform_id: UUID) -> None:
    for generation in range(30):
        named = {"platform_id": platform_id, "row_id": uuid4(), "generation": generation}
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", deriving.derive_token("invitation", **named))  # type: ignore[arg-type]  # see above
        assert re.fullmatch(r"[0-9]{8}", deriving.derive_code("invitation", **named))  # type: ignore[arg-type]  # see above
        assert re.fullmatch(r"[a-z2-7]{16}", deriving.derive_tag(uuid4(), "sent", 1, platform_id=platform_id))


def test_parts_of_a_tag_do_not_flow_into_one_another(platform_id: UUID) -> None:
    tags = {
        deriving.derive_tag(*parts, platform_id=platform_id)
        for parts in (("sent", "1"), ("sen", "t1"), ("sent1",), ("sent1", ""), ("", "sent1"))
    }
    assert len(tags) == 5


def test_links_in_mailboxes_outlive_a_renewal_of_the_platform_key(platform_id: UUID) -> None:
    named: dict[str, Any] = {"platform_id": platform_id, "row_id": uuid4(), "generation": 1}
    before = deriving.derive_token("invitation", **named)
    platform_keys.renew_platform_key(platform_id, at=at)
    assert deriving.derive_token("invitation", **named) == before


@pytest.mark.parametrize(
    ("given", "matches"), [("secret", True), ("secreT", False), ("", False), ("secret ", False), ("sécret", False)]
)
def test_matching_compares_the_whole_text(given: str, matches: bool) -> None:
    assert deriving.matches(given, "secret") is matches


def test_a_cookie_value_is_kept_as_its_sha_256() -> None:
    assert deriving.hash_key("cookie") == hashlib.sha256(b"cookie").digest()


def links_key(platform_key: str, platform: str) -> bytes:
    return by_the_page.purpose_key(bytes.fromhex(platform_key), platform=platform, purpose="links", generation=1)
