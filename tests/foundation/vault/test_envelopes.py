"""Subjects and reasons: docs/formats/envelope.md."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from letterlock.foundation.vault import envelopes
from letterlock.foundation.vault.sealing import Tampered
from tests.foundation.vault import by_the_page
from tests.foundation.vault.conftest import Plant, new_platform
from tests.foundation.vault.vectors import cases


@cases("envelope/texts.json")
def test_a_text_opens_from_its_vector(case: dict[str, Any], plant_platform_key: Plant) -> None:
    context = case["context"]
    platform_id = UUID(context["platform"])
    plant_platform_key(platform_id, context["generation"], bytes.fromhex(case["platform_key"]))
    opened = envelopes.open_text(
        bytes.fromhex(case["sealed"]),
        platform_id=platform_id,
        object_id=UUID(context["object"]),
        label=case["label"],
    )
    assert opened == case["text"]


@cases("envelope/texts.json")
def test_a_second_implementation_seals_texts_to_the_same_bytes(case: dict[str, Any]) -> None:
    context = case["context"]
    key = by_the_page.purpose_key(
        bytes.fromhex(case["platform_key"]),
        platform=context["platform"],
        purpose="envelope",
        generation=context["generation"],
    )
    record = by_the_page.seal_record(
        case["text"].encode(),
        key=key,
        salt=bytes.fromhex(case["salt"]),
        where=by_the_page.context("sealed-record", context),
    )
    assert (b"\x01" + context["generation"].to_bytes(4, "big") + record).hex() == case["sealed"]


@pytest.mark.parametrize("text", ["", "Quarterly figures", "日本語 🙈 \x00", "x" * 10_000])
def test_what_is_sealed_opens(platform_id: UUID, text: str) -> None:
    object_id = uuid4()
    sealed = envelopes.seal_text(text, platform_id=platform_id, object_id=object_id, label="subject")
    assert envelopes.open_text(sealed, platform_id=platform_id, object_id=object_id, label="subject") == text


def test_any_flipped_bit_or_cut_is_refused(platform_id: UUID) -> None:
    object_id = uuid4()
    sealed = envelopes.seal_text("Figures", platform_id=platform_id, object_id=object_id, label="subject")
    flipped = [
        sealed[:place] + bytes((sealed[place] ^ 1 << bit,)) + sealed[place + 1 :]
        for place in range(len(sealed))
        for bit in range(8)
    ]
    for changed in flipped + [sealed[:length] for length in range(len(sealed))] + [sealed + b"\x00"]:
        with pytest.raises(Tampered):
            envelopes.open_text(changed, platform_id=platform_id, object_id=object_id, label="subject")


def test_a_text_moved_to_another_place_is_refused(platform_id: UUID) -> None:
    object_id, elsewhere = uuid4(), new_platform()
    sealed = envelopes.seal_text("Figures", platform_id=platform_id, object_id=object_id, label="subject")
    for platform, thing, label in (
        (platform_id, object_id, "reason"),
        (platform_id, uuid4(), "subject"),
        (elsewhere, object_id, "subject"),
        (uuid4(), object_id, "subject"),
    ):
        with pytest.raises(Tampered):
            envelopes.open_text(sealed, platform_id=platform, object_id=thing, label=label)


def test_equal_texts_give_different_bytes(platform_id: UUID) -> None:
    object_id = uuid4()
    sealed = {
        envelopes.seal_text("Figures", platform_id=platform_id, object_id=object_id, label="subject") for _ in range(20)
    }
    assert len(sealed) == 20
