"""The canonical bytes of a fact. The format is docs/formats/audit-ledger.md; change the page first."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

magic = b"LLE1"
commitment_label = b"letterlock-commitment-1\x00"
salt_bytes = 32
longest_value = 400

_epoch = datetime(1970, 1, 1, tzinfo=UTC)
_longest_text = 80
_longest_digest = 255


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """What the tree hashes, before it is bytes."""

    platform_id: UUID
    entry_id: UUID
    event: str
    at: datetime
    subject_id: UUID | None = None
    object_id: UUID | None = None
    digests: Mapping[str, bytes] = field(default_factory=dict)
    commitments: Mapping[str, bytes] = field(default_factory=dict)


def encode(leaf: Leaf) -> bytes:
    """The one encoding of the leaf. ValueError for what the format cannot hold."""
    return b"".join(
        [
            magic,
            leaf.platform_id.bytes,
            leaf.entry_id.bytes,
            _text(leaf.event),
            microseconds_of(leaf.at).to_bytes(8, "big", signed=True),
            _id_or_none(leaf.subject_id),
            _id_or_none(leaf.object_id),
            bytes([len(leaf.digests)]),
            *(_text(name) + _sized(leaf.digests[name]) for name in sorted(leaf.digests)),
            bytes([len(leaf.commitments)]),
            *(_text(kind) + leaf.commitments[kind] for kind in sorted(leaf.commitments)),
        ]
    )


def commit_to(value: str, *, kind: str, salt: bytes, entry_id: UUID) -> bytes:
    """A salted commitment: says nothing without its salt, and fits no other entry or kind."""
    if len(salt) != salt_bytes:
        raise ValueError("A salt has 32 bytes.")
    return hashlib.sha256(commitment_label + entry_id.bytes + _text(kind) + salt + value.encode()).digest()


def microseconds_of(at: datetime) -> int:
    """Microseconds since 1970 in UTC, by whole numbers: a float would lose the last digits."""
    if at.tzinfo is None:
        raise ValueError("An instant has a time zone.")
    return (at - _epoch) // timedelta(microseconds=1)


def _text(text: str) -> bytes:
    encoded = text.encode("ascii")
    if not 0 < len(encoded) <= _longest_text:
        raise ValueError("A name in a leaf has 1 to 80 characters.")
    return bytes([len(encoded)]) + encoded


def _id_or_none(value: UUID | None) -> bytes:
    return b"\x00" if value is None else b"\x01" + value.bytes


def _sized(digest: bytes) -> bytes:
    if not 0 < len(digest) <= _longest_digest:
        raise ValueError("A digest in a leaf has 1 to 255 bytes.")
    return bytes([len(digest)]) + digest
