"""The key a platform signs its ledger with: Ed25519, sealed in the keystore. See docs/formats/ledger-checkpoint.md."""

import struct
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import IntegrityError
from django.db.models import QuerySet

from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.secrets import Plaintext, Sealed
from letterlock.foundation.vault import platform_keys
from letterlock.foundation.vault.keystore.models import SealedKey
from letterlock.foundation.vault.platform_keys import Purpose
from letterlock.foundation.vault.sealing import Context, Tampered, format_version, open_record, seal_record

key_purpose = "ledger"
_header = struct.Struct(">BI")  # version, generation of the platform key


def ensure_signing_key(platform_id: UUID, *, at: datetime) -> bytes:
    """The platform's public ledger key; made now when there is none. Opens its own keystore transaction."""
    if not _keys_of(platform_id).exists():
        _add_generation(platform_id, 1, at=at)
    return public_key_of(platform_id)


def public_key_of(platform_id: UUID) -> bytes:
    """The newest public key. Raises NoPlatformKey."""
    return bytes(_newest(platform_id).public_part)


def public_keys_of(platform_id: UUID) -> list[bytes]:
    """Every public key the platform ever signed its ledger with, newest first.

    SECURITY: a public key stands in the open. One whose private half was not sealed under the platform's own key was
    put there by somebody who can write into the keystore, and what it signed would vouch for a forged ledger.
    See test_a_public_key_that_was_put_into_the_keystore_is_none_of_the_platforms.
    """
    return [bytes(row.public_part) for row in _keys_of(platform_id).order_by("-generation") if _is_own(row)]


def sign(message: bytes, *, platform_id: UUID) -> bytes:
    """The Ed25519 signature by the newest key. Raises NoPlatformKey, Tampered."""
    return _private_key_of(_newest(platform_id)).sign(message)


def is_signed(message: bytes, *, signature: bytes, public_key: bytes) -> bool:
    """Whether the signature is the key's; False too for bytes that are no key or no signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _add_generation(platform_id: UUID, generation: int, *, at: datetime) -> None:
    private = Ed25519PrivateKey.generate()
    sealing_key = platform_keys.purpose_key(platform_id, Purpose.LEDGER)
    context = _context(platform_id, generation, sealing_key.generation)
    record = seal_record(Plaintext(private.private_bytes_raw()), key=sealing_key.key, context=context)
    row = SealedKey(
        platform_id=platform_id,
        purpose=key_purpose,
        generation=generation,
        public_part=private.public_key().public_bytes_raw(),
        sealed=Sealed(_header.pack(format_version, sealing_key.generation) + record),
        created_at=at,
    )
    try:
        with transactions.writing(using="keystore"):
            row.save(force_insert=True)
    except IntegrityError:
        # Two workers made the first key at once: the constraint kept one, and both use it.
        return


def _is_own(row: SealedKey) -> bool:
    try:
        _private_key_of(row)
    except Tampered:
        return False
    return True


def _private_key_of(row: SealedKey) -> Ed25519PrivateKey:
    private = Ed25519PrivateKey.from_private_bytes(_open(row))
    if private.public_key().public_bytes_raw() != bytes(row.public_part):
        raise Tampered
    return private


def _open(row: SealedKey) -> bytes:
    sealed = bytes(row.sealed)
    if len(sealed) < _header.size or sealed[0] != format_version:
        raise Tampered
    _version, generation = _header.unpack_from(sealed)
    key = platform_keys.stored_purpose_key(row.platform_id, Purpose.LEDGER, generation=generation)
    context = _context(row.platform_id, row.generation, generation)
    return open_record(sealed[_header.size :], key=key.key, context=context)


def _newest(platform_id: UUID) -> SealedKey:
    row = _keys_of(platform_id).order_by("-generation").first()
    if row is None:
        raise platform_keys.NoPlatformKey(f"The keystore has no ledger key of platform {platform_id}.")
    return row


def _keys_of(platform_id: UUID) -> QuerySet[SealedKey]:
    return SealedKey.objects.filter(platform_id=platform_id, purpose=key_purpose)


def _context(platform_id: UUID, generation: int, platform_key_generation: int) -> Context:
    purpose = f"ledger-key/{generation}"
    return Context(platform_id=platform_id, purpose=purpose, object_id=platform_id, generation=platform_key_generation)
