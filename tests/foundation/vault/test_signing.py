"""The key that a platform signs its ledger with."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.vault import platform_keys, signing
from letterlock.foundation.vault.keystore.models import SealedKey
from letterlock.foundation.vault.sealing import Tampered
from tests.domain.mailbox.racing import together

pytestmark = pytest.mark.usefixtures("stores")
now = datetime(2026, 3, 2, tzinfo=UTC)


def platform() -> UUID:
    platform_id = new_id()
    platform_keys.create_platform_key(platform_id, at=now)
    return platform_id


def row_of(platform_id: UUID) -> SealedKey:
    return SealedKey.objects.get(platform_id=platform_id, purpose="ledger")


def test_a_signature_fits_its_message_and_key_alone() -> None:
    one, other = platform(), platform()
    public, another = (signing.ensure_signing_key(key, at=now) for key in (one, other))
    signature = signing.sign(b"a checkpoint", platform_id=one)
    assert signing.is_signed(b"a checkpoint", signature=signature, public_key=public)
    assert not signing.is_signed(b"another", signature=signature, public_key=public)
    assert not signing.is_signed(b"a checkpoint", signature=signature, public_key=another)
    assert not signing.is_signed(b"a checkpoint", signature=signature[:-1], public_key=public)
    assert not signing.is_signed(b"a checkpoint", signature=signature, public_key=b"short")


def test_a_platform_has_one_key_however_often_and_by_whomever_it_is_made() -> None:
    platform_id = platform()
    answers = together(*[lambda: signing.ensure_signing_key(platform_id, at=now)] * 4)
    assert set(answers) == {signing.public_key_of(platform_id)}
    assert signing.public_keys_of(platform_id) == [signing.public_key_of(platform_id)]


def test_without_a_key_nothing_is_signed() -> None:
    with pytest.raises(platform_keys.NoPlatformKey):
        signing.sign(b"", platform_id=platform())


def test_the_private_key_is_sealed() -> None:
    platform_id = platform()
    public = signing.ensure_signing_key(platform_id, at=now)
    row = row_of(platform_id)
    assert bytes(row.public_part) == public
    assert len(bytes(row.sealed)) == 5 + 2 + 16 + 32 + 16


def test_it_goes_on_signing_when_the_platform_key_is_renewed() -> None:
    platform_id = platform()
    public = signing.ensure_signing_key(platform_id, at=now)
    platform_keys.renew_platform_key(platform_id, at=now)
    signature = signing.sign(b"later", platform_id=platform_id)
    assert signing.is_signed(b"later", signature=signature, public_key=public)


@pytest.mark.parametrize("place", [0, 3, 10, -1])
def test_a_changed_sealed_key_signs_nothing(place: int) -> None:
    platform_id = platform()
    signing.ensure_signing_key(platform_id, at=now)
    row = row_of(platform_id)
    sealed = bytearray(row.sealed)
    sealed[place] ^= 1
    with transactions.writing(using="keystore"):
        SealedKey.objects.filter(id=row.id).update(sealed=bytes(sealed))
    with pytest.raises(Tampered):
        signing.sign(b"", platform_id=platform_id)


def test_a_key_moved_to_another_platform_signs_nothing_there() -> None:
    one, other = platform(), platform()
    signing.ensure_signing_key(one, at=now)
    with transactions.writing(using="keystore"):
        SealedKey.objects.filter(id=row_of(one).id).update(platform_id=other)
    with pytest.raises(Tampered):
        signing.sign(b"", platform_id=other)


def test_a_public_key_that_was_swapped_is_noticed_before_signing() -> None:
    platform_id = platform()
    signing.ensure_signing_key(platform_id, at=now)
    with transactions.writing(using="keystore"):
        SealedKey.objects.filter(id=row_of(platform_id).id).update(public_part=bytes(32))
    with pytest.raises(Tampered):
        signing.sign(b"", platform_id=platform_id)
