"""A holder's HPKE key pair, MLKEM768-X25519; the private half is sealed for the platform. See docs/formats/keys.md."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from django.db.models import Max

from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.secrets import Plaintext
from letterlock.foundation.vault import platform_keys
from letterlock.foundation.vault.models import Holder, HolderKind, KeyPair
from letterlock.foundation.vault.platform_keys import Purpose
from letterlock.foundation.vault.sealing import Context, Tampered, open_record, seal_record

suite_name = "MLKEM768-X25519, HKDF-SHA256, AES-256-GCM"
seed_bytes = 64
mlkem_public_bytes = 1184
x25519_bytes = 32


class NoKeyPair(LookupError):  # noqa: N818 -- reads as what it says
    """A defect: an account was made without its key pair, or the row is of another platform."""


@transactions.required
def create_key_pair(holder: Holder, *, platform_id: UUID, at: datetime) -> KeyPair:
    """Make the holder's next generation, the first when there is none."""
    generation = _newest_generation(holder) + 1
    # The hybrid has no common seed: two independent private keys are drawn and both are kept.
    mlkem_key, x25519_key = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    sealing_key = platform_keys.purpose_key(platform_id, Purpose.ACCOUNT)
    row = KeyPair(
        id=new_id(),
        platform_id=platform_id,
        holder_kind=holder.kind,
        holder_id=holder.id,
        generation=generation,
        suite=suite_name,
        public_key=mlkem_key.public_key().public_bytes_raw() + x25519_key.public_key().public_bytes_raw(),
        platform_key_generation=sealing_key.generation,
        created_at=at,
    )
    private = Plaintext(mlkem_key.private_bytes_raw() + x25519_key.private_bytes_raw())
    row.sealed_private_key = seal_record(private, key=sealing_key.key, context=_context(row))
    row.save(force_insert=True)
    return row


def newest_key_pairs(holders: Iterable[Holder], *, platform_id: UUID) -> dict[Holder, KeyPair]:
    """The pair to seal to, for each holder. Raises NoKeyPair when one has none on this platform."""
    wanted = list(holders)
    rows = KeyPair.objects.filter(platform_id=platform_id, holder_id__in={holder.id for holder in wanted})
    pairs = {
        Holder(row.holder_id, HolderKind(row.holder_kind)): row
        for row in rows.defer("sealed_private_key").order_by("generation")
    }
    for holder in wanted:
        if holder not in pairs:
            raise NoKeyPair(f"{holder} has no key pair on platform {platform_id}.")
    return pairs


def open_private_key(holder: Holder, *, platform_id: UUID, generation: int) -> MLKEM768X25519PrivateKey:
    """The private key of one generation. Raises Tampered, also when there is none on this platform."""
    row = KeyPair.objects.filter(
        platform_id=platform_id, holder_kind=holder.kind, holder_id=holder.id, generation=generation
    ).first()
    if row is None or row.suite != suite_name:
        raise Tampered
    generation = row.platform_key_generation
    sealing_key = platform_keys.stored_purpose_key(platform_id, Purpose.ACCOUNT, generation=generation)
    private = open_record(bytes(row.sealed_private_key), key=sealing_key.key, context=_context(row))
    return read_private_key(private)


def read_private_key(private: bytes) -> MLKEM768X25519PrivateKey:
    """From its stored form: the 64-byte ML-KEM seed, then the 32 bytes of X25519."""
    if len(private) != seed_bytes + x25519_bytes:
        raise Tampered
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(private[:seed_bytes]),
        X25519PrivateKey.from_private_bytes(private[seed_bytes:]),
    )


def read_public_key(public: bytes) -> MLKEM768X25519PublicKey:
    """From its stored form: 1,184 bytes of ML-KEM-768, then 32 of X25519. Raises Tampered."""
    if len(public) != mlkem_public_bytes + x25519_bytes:
        raise Tampered
    try:
        mlkem_key = MLKEM768PublicKey.from_public_bytes(public[:mlkem_public_bytes])
    except ValueError:
        raise Tampered from None
    return MLKEM768X25519PublicKey(mlkem_key, X25519PublicKey.from_public_bytes(public[mlkem_public_bytes:]))


def _newest_generation(holder: Holder) -> int:
    pairs = KeyPair.objects.filter(holder_kind=holder.kind, holder_id=holder.id)
    newest: int | None = pairs.aggregate(newest=Max("generation"))["newest"]
    return newest or 0


def _context(row: KeyPair) -> Context:
    return Context(
        platform_id=row.platform_id,
        purpose=f"private-key/{row.holder_kind}/{row.generation}",
        object_id=row.id,
        holder_id=row.holder_id,
        generation=row.platform_key_generation,
    )
