"""Platform keys and what is derived from them: docs/formats/keys.md."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError

from letterlock.foundation.kernel.secrets import Plaintext, Secret
from letterlock.foundation.vault import envelopes, platform_keys
from letterlock.foundation.vault.keystore.models import SealedKey
from letterlock.foundation.vault.platform_keys import Purpose
from letterlock.foundation.vault.sealing import Tampered, open_record, seal_with_salt
from tests.foundation.vault import by_the_page
from tests.foundation.vault.conftest import Plant, at, new_platform
from tests.foundation.vault.vectors import cases, context_of


@cases("keys/platform-keys.json")
def test_a_platform_key_is_sealed_as_its_vector_says(case: dict[str, Any]) -> None:
    root, context = Secret(bytes.fromhex(case["root_key"])), context_of(case["context"])
    salt, key = bytes.fromhex(case["salt"]), Plaintext(bytes.fromhex(case["platform_key"]))
    assert seal_with_salt(key, salt=salt, key=root, context=context).hex() == case["sealed"]
    assert open_record(bytes.fromhex(case["sealed"]), key=root, context=context) == key


@cases("keys/platform-keys.json")
def test_a_second_implementation_opens_the_platform_key(case: dict[str, Any]) -> None:
    where = by_the_page.context("sealed-record", case["context"])
    opened = by_the_page.open_record(bytes.fromhex(case["sealed"]), key=bytes.fromhex(case["root_key"]), where=where)
    assert opened.hex() == case["platform_key"]


@cases("keys/purpose-keys.json")
def test_a_purpose_key_is_derived_as_its_vector_says(case: dict[str, Any], plant_platform_key: Plant) -> None:
    platform_id, generation = UUID(case["platform"]), case["generation"]
    plant_platform_key(platform_id, generation, bytes.fromhex(case["platform_key"]))
    derived = platform_keys.purpose_key(platform_id, Purpose(case["purpose"]))
    assert derived.key.reveal().hex() == case["key"]
    assert derived.generation == generation


@cases("keys/purpose-keys.json")
def test_a_second_implementation_derives_the_same_purpose_key(case: dict[str, Any]) -> None:
    derived = by_the_page.purpose_key(
        bytes.fromhex(case["platform_key"]),
        platform=case["platform"],
        purpose=case["purpose"],
        generation=case["generation"],
    )
    assert derived.hex() == case["key"]


def test_platforms_and_purposes_have_keys_of_their_own(stores: None) -> None:
    platforms = [new_platform(), new_platform()]
    keys = {platform_keys.purpose_key(platform, purpose).key.reveal() for platform in platforms for purpose in Purpose}
    assert len(keys) == 2 * len(Purpose)


def test_the_stored_key_is_not_the_key(platform_id: UUID) -> None:
    stored = bytes(SealedKey.objects.get(platform_id=platform_id).sealed)
    for purpose in Purpose:
        assert platform_keys.purpose_key(platform_id, purpose).key.reveal() not in stored


def test_a_key_is_the_same_in_another_process(platform_id: UUID) -> None:
    before = platform_keys.purpose_key(platform_id, Purpose.SHARE).key.reveal()
    platform_keys.forget_keys()
    assert platform_keys.purpose_key(platform_id, Purpose.SHARE).key.reveal() == before


def test_a_key_is_remembered(platform_id: UUID, django_assert_num_queries: Any) -> None:
    platform_keys.purpose_key(platform_id, Purpose.SHARE)
    with django_assert_num_queries(0, using="keystore"):
        platform_keys.purpose_key(platform_id, Purpose.SHARE)


def test_a_platform_gets_its_first_key_once(platform_id: UUID) -> None:
    before = bytes(SealedKey.objects.get(platform_id=platform_id).sealed)
    with pytest.raises(IntegrityError):
        platform_keys.create_platform_key(platform_id, at=at)
    assert bytes(SealedKey.objects.get(platform_id=platform_id).sealed) == before


def test_a_renewed_key_seals_and_the_old_one_still_opens(platform_id: UUID) -> None:
    object_id = uuid4()
    before = envelopes.seal_text("before", platform_id=platform_id, object_id=object_id, label="subject")
    assert platform_keys.renew_platform_key(platform_id, at=at) == 2
    after = envelopes.seal_text("after", platform_id=platform_id, object_id=object_id, label="subject")
    assert (before[1:5], after[1:5]) == (b"\x00\x00\x00\x01", b"\x00\x00\x00\x02")
    for sealed, text in ((before, "before"), (after, "after")):
        assert envelopes.open_text(sealed, platform_id=platform_id, object_id=object_id, label="subject") == text


def test_a_platform_without_a_key_is_named(stores: None) -> None:
    with pytest.raises(platform_keys.NoPlatformKey):
        platform_keys.purpose_key(uuid4(), Purpose.SHARE)


def test_a_generation_that_is_not_there_is_named(platform_id: UUID) -> None:
    with pytest.raises(platform_keys.NoPlatformKey):
        platform_keys.purpose_key(platform_id, Purpose.SHARE, generation=7)


@pytest.mark.parametrize("changes", ["platform", "generation"])
def test_a_platform_key_moved_to_another_row_is_refused(platform_id: UUID, changes: str) -> None:
    elsewhere = uuid4() if changes == "platform" else platform_id
    generation = 2 if changes == "generation" else 1
    SealedKey.objects.filter(platform_id=platform_id).update(platform_id=elsewhere, generation=generation)
    platform_keys.forget_keys()
    with pytest.raises(Tampered):
        platform_keys.purpose_key(elsewhere, Purpose.SHARE)


def test_under_another_root_key_nothing_opens(platform_id: UUID, tmp_path: Path) -> None:
    path = Path(settings.LETTERLOCK_ROOT_KEY)
    kept = path.read_bytes()
    try:
        path.write_bytes(b"another root key of exactly 32 b")
        platform_keys.forget_keys()
        with pytest.raises(Tampered):
            platform_keys.purpose_key(platform_id, Purpose.SHARE)
    finally:
        path.write_bytes(kept)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_platform_key_of_another_size_is_refused_though_it_verifies(plant_platform_key: Plant, size: int) -> None:
    platform_id = uuid4()
    plant_platform_key(platform_id, 1, bytes(size))
    with pytest.raises(Tampered):
        platform_keys.purpose_key(platform_id, Purpose.SHARE)
