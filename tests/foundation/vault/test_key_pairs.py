"""Key pairs of holders: docs/formats/keys.md."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.secrets import Plaintext, Secret
from letterlock.foundation.vault import key_pairs, platform_keys
from letterlock.foundation.vault.models import Holder, KeyPair
from letterlock.foundation.vault.sealing import Tampered, open_record, seal_with_salt
from tests.foundation.vault.conftest import at, new_holder, new_platform
from tests.foundation.vault.vectors import cases, context_of


@cases("keys/key-pairs.json")
def test_a_private_key_is_sealed_as_its_vector_says(case: dict[str, Any]) -> None:
    context, account_key = context_of(case["context"]), account_key_of(case)
    private = Plaintext(bytes.fromhex(case["private_key"]))
    sealed = seal_with_salt(private, salt=bytes.fromhex(case["salt"]), key=account_key, context=context)
    assert sealed.hex() == case["sealed_private_key"]
    assert open_record(sealed, key=account_key, context=context) == private


@cases("keys/key-pairs.json")
def test_the_public_key_belongs_to_the_private_key(case: dict[str, Any]) -> None:
    private = bytes.fromhex(case["private_key"])
    mlkem = MLKEM768PrivateKey.from_seed_bytes(private[:64]).public_key().public_bytes_raw()
    x25519 = X25519PrivateKey.from_private_bytes(private[64:]).public_key().public_bytes_raw()
    assert (mlkem + x25519).hex() == case["public_key"]


def test_a_pair_is_made_with_its_private_half_sealed(platform_id: UUID, alice: Holder) -> None:
    pair = KeyPair.objects.get(holder_id=alice.id)
    assert (pair.generation, pair.platform_key_generation) == (1, 1)
    assert pair.suite == "MLKEM768-X25519, HKDF-SHA256, AES-256-GCM"
    assert (len(pair.public_key), len(pair.sealed_private_key)) == (1216, 96 + 34)


def test_the_next_pair_is_the_next_generation_and_the_one_to_seal_to(platform_id: UUID, alice: Holder) -> None:
    with transactions.writing():
        second = key_pairs.create_key_pair(alice, platform_id=platform_id, at=at)
    assert second.generation == 2
    newest = key_pairs.newest_key_pairs([alice], platform_id=platform_id)
    assert newest[alice].id == second.id


def test_a_pair_is_made_within_the_callers_transaction(platform_id: UUID) -> None:
    with pytest.raises(transactions.WrongTransaction):
        key_pairs.create_key_pair(Holder(new_id()), platform_id=platform_id, at=at)


def test_a_holder_without_a_pair_is_named(platform_id: UUID, alice: Holder) -> None:
    nobody = Holder(uuid4())
    with pytest.raises(key_pairs.NoKeyPair, match=str(nobody.id)):
        key_pairs.newest_key_pairs([alice, nobody], platform_id=platform_id)


def test_a_holder_of_another_platform_is_not_sealed_to(platform_id: UUID) -> None:
    elsewhere = new_platform()
    mallory = new_holder(elsewhere)
    with pytest.raises(key_pairs.NoKeyPair):
        key_pairs.newest_key_pairs([mallory], platform_id=platform_id)


def test_a_private_key_moved_to_another_holder_is_refused(platform_id: UUID, alice: Holder, bob: Holder) -> None:
    stolen = KeyPair.objects.get(holder_id=alice.id)
    KeyPair.objects.filter(holder_id=bob.id).update(sealed_private_key=stolen.sealed_private_key)
    with pytest.raises(Tampered):
        key_pairs.open_private_key(bob, platform_id=platform_id, generation=1)


@pytest.mark.parametrize(
    "change",
    [{"generation": 2}, {"suite": "ROT13"}, {"id": uuid4()}, {"holder_id": uuid4()}],
    ids=lambda c: next(iter(c)),
)
def test_a_changed_row_is_refused(platform_id: UUID, alice: Holder, change: dict[str, Any]) -> None:
    KeyPair.objects.filter(holder_id=alice.id).update(**change)
    holder = Holder(change.get("holder_id", alice.id))
    with pytest.raises(Tampered):
        key_pairs.open_private_key(holder, platform_id=platform_id, generation=change.get("generation", 1))


def test_a_generation_that_is_not_there_is_refused(platform_id: UUID, alice: Holder) -> None:
    with pytest.raises(Tampered):
        key_pairs.open_private_key(alice, platform_id=platform_id, generation=2)


@pytest.mark.parametrize("size", [0, 95, 97])
def test_a_private_key_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(Tampered):
        key_pairs.read_private_key(bytes(size))


@pytest.mark.parametrize("public", [b"", bytes(1215), bytes(1217), b"\xff" * 1216])
def test_what_is_no_public_key_is_refused(public: bytes) -> None:
    with pytest.raises(Tampered):
        key_pairs.read_public_key(public)


def account_key_of(case: dict[str, Any]) -> Secret[bytes]:
    return platform_keys.derive_purpose_key(
        Secret(bytes.fromhex(case["platform_key"])),
        UUID(case["context"]["platform"]),
        platform_keys.Purpose.ACCOUNT,
        case["context"]["generation"],
    )
