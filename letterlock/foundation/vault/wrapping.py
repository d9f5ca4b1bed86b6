"""Handing a content key to its holders, in two halves kept in two stores. See docs/formats/wraps.md.

A = K xor B. A is sealed to the holder and kept in the main database; B, drawn for this wrap, is kept in the
keystore. Neither says anything alone, so destroying B takes the key back, from old copies of the database too.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.secrets import Plaintext, Sealed, Secret
from letterlock.foundation.vault import key_pairs, platform_keys
from letterlock.foundation.vault.keys import ContentKey
from letterlock.foundation.vault.keystore.models import Share
from letterlock.foundation.vault.models import Basis, Holder, HolderKind, KeyPair, Thing, Wrap
from letterlock.foundation.vault.platform_keys import Purpose, PurposeKey
from letterlock.foundation.vault.sealing import Context, Tampered, key_bytes, open_record, seal_record

_suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class ShareGone(Exception):  # noqa: N818 -- a state, and what the doors will say of it
    """The holder has no share of this thing: it was taken back, expired, or never given."""


@dataclass(frozen=True)
class PreparedWraps:
    """Halves A whose halves B are in the keystore already, waiting for the caller's transaction."""

    rows: tuple[Wrap, ...] = field(repr=False)


@dataclass(frozen=True)
class FetchedShare:
    """A holder's two halves, both still sealed, read into memory."""

    share: Share = field(repr=False)
    wrap: Wrap = field(repr=False)


def prepare_wraps(
    key: ContentKey,
    *,
    of: Thing,
    to: Sequence[Holder],
    basis: Basis | Mapping[Holder, Basis],
    platform_id: UUID,
    at: datetime,
) -> PreparedWraps:
    """Wrap `key` for each holder and store the shares, in the keystore's own transaction.

    Call it before the main transaction: a crash in between leaves shares that no wrap names, which are swept.
    Raises NoKeyPair.
    """
    if transactions.is_open():
        raise transactions.WrongTransaction("Shares are stored before the main transaction opens.")
    holders = list(dict.fromkeys(to))
    pairs = key_pairs.newest_key_pairs(holders, platform_id=platform_id)
    share_key = platform_keys.purpose_key(platform_id, Purpose.SHARE)
    bases = dict.fromkeys(holders, basis) if isinstance(basis, Basis) else basis
    made = [_wrap_for(pairs[holder], key, of=of, share_key=share_key, at=at) for holder in holders]
    for holder, (wrap, _share) in zip(holders, made, strict=True):
        wrap.basis = bases[holder]
    with transactions.writing(using="keystore"):
        Share.objects.bulk_create([share for _wrap, share in made])
    return PreparedWraps(tuple(wrap for wrap, _share in made))


@transactions.required
def keep_wraps(prepared: PreparedWraps) -> None:
    """Store the halves A with the facts they belong to. A holder's former wrap of the same thing is replaced."""
    Wrap.objects.bulk_create(
        prepared.rows,
        update_conflicts=True,
        unique_fields=["object_kind", "object_id", "holder_kind", "holder_id"],
        update_fields=["platform_id", "basis", "share_id", "suite", "key_generation", "sealed_half", "created_at"],
    )


@transactions.required
def forget_wraps(of: Thing) -> None:
    """Drop the halves A of a thing whose rows are deleted with them; `destroy_shares` follows after the commit."""
    Wrap.objects.filter(object_kind=of.kind, object_id=of.id).delete()


def fetch_share(of: Thing, *, holder: Holder, platform_id: UUID) -> FetchedShare:
    """Both halves of the holder's wrap. Raises ShareGone."""
    wrap = Wrap.objects.filter(
        platform_id=platform_id,
        object_kind=of.kind,
        object_id=of.id,
        holder_kind=holder.kind,
        holder_id=holder.id,
    ).first()
    if wrap is None:
        raise ShareGone
    share = Share.objects.alive().filter(id=wrap.share_id).first()
    if share is None:
        raise ShareGone
    return FetchedShare(share, wrap)


def unwrap(share: FetchedShare) -> ContentKey:
    """The content key. Raises Tampered when either half is not the one made for this holder and thing."""
    row, wrap = share.share, share.wrap
    generation = row.platform_key_generation
    share_key = platform_keys.stored_purpose_key(wrap.platform_id, Purpose.SHARE, generation=generation)
    half_b = open_record(bytes(row.sealed), key=share_key.key, context=_share_context(wrap, generation))
    holder = Holder(wrap.holder_id, HolderKind(wrap.holder_kind))
    private = key_pairs.open_private_key(holder, platform_id=wrap.platform_id, generation=wrap.key_generation)
    if wrap.suite != key_pairs.suite_name:
        raise Tampered
    half_a = open_half(bytes(wrap.sealed_half), private=private, context=_wrap_context(wrap))
    if len(half_b) != key_bytes:
        raise Tampered
    return ContentKey(_xor(half_a, half_b))


def holders_of(of: Thing) -> set[Holder]:
    """Who still has a share; when nobody has, the ciphertext can go."""
    rows = Share.objects.alive().filter(object_kind=of.kind, object_id=of.id)
    return {Holder(holder_id, HolderKind(kind)) for holder_id, kind in rows.values_list("holder_id", "holder_kind")}


def open_half(sealed: bytes, *, private: MLKEM768X25519PrivateKey, context: Context) -> bytes:
    """Half A from its HPKE ciphertext. Raises Tampered."""
    try:
        half = _suite.decrypt(sealed, private, info=context.encode(format_name="wrap"))
    except (InvalidTag, ValueError):
        raise Tampered from None
    if len(half) != key_bytes:
        raise Tampered
    return half


def _wrap_for(pair: KeyPair, key: ContentKey, *, of: Thing, share_key: PurposeKey, at: datetime) -> tuple[Wrap, Share]:
    half_b = secrets.token_bytes(key_bytes)
    wrap = Wrap(
        platform_id=pair.platform_id,
        object_kind=of.kind,
        object_id=of.id,
        holder_kind=pair.holder_kind,
        holder_id=pair.holder_id,
        share_id=new_id(),
        suite=key_pairs.suite_name,
        key_generation=pair.generation,
        created_at=at,
    )
    wrap.sealed_half = _seal_half(Secret(_xor(key.reveal(), half_b)), pair, _wrap_context(wrap))
    share = Share(
        id=wrap.share_id,
        platform_id=pair.platform_id,
        object_kind=of.kind,
        object_id=of.id,
        holder_kind=pair.holder_kind,
        holder_id=pair.holder_id,
        platform_key_generation=share_key.generation,
        sealed=seal_record(Plaintext(half_b), key=share_key.key, context=_share_context(wrap, share_key.generation)),
        created_at=at,
    )
    return wrap, share


def _seal_half(half: Secret[bytes], pair: KeyPair, context: Context) -> Sealed:
    public = key_pairs.read_public_key(bytes(pair.public_key))
    return Sealed(_suite.encrypt(half.reveal(), public, info=context.encode(format_name="wrap")))


def _wrap_context(wrap: Wrap) -> Context:
    return _context("wrap", wrap, wrap.key_generation)


def _share_context(wrap: Wrap, generation: int) -> Context:
    # SECURITY: the share is opened for the thing and holder its wrap names, not for those in its own row, so a
    # row moved inside the keystore does not open. See test_a_share_given_to_another_holder_is_refused.
    return _context("share", wrap, generation)


def _context(purpose: str, wrap: Wrap, generation: int) -> Context:
    return Context(
        platform_id=wrap.platform_id,
        purpose=f"{purpose}/{wrap.object_kind}/{wrap.holder_kind}",
        object_id=wrap.object_id,
        holder_id=wrap.holder_id,
        generation=generation,
    )


def _xor(one: bytes, other: bytes) -> bytes:
    number = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return number.to_bytes(key_bytes, "big")
