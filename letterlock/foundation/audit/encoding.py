"""The canonical bytes of a fact. The format is docs/formats/audit-ledger.md; change the page first."""

import hashlib
import io
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


def decode(content: bytes) -> Leaf:
    """The leaf that these bytes encode. ValueError for every other sequence of bytes."""
    stream = io.BytesIO(content)
    try:
        leaf = _read(stream)
    except (IndexError, OverflowError, UnicodeDecodeError):
        raise ValueError("These are not the bytes of a leaf.") from None
    if encode(leaf) != content:  # too short, bytes left over, an order broken: one encoding has all of that right
        raise ValueError("These are not the bytes of a leaf.")
    return leaf


def commit_to(value: str, *, kind: str, salt: bytes, entry_id: UUID) -> bytes:
    """A salted commitment: says nothing without its salt, and fits no other entry or kind."""
    if len(salt) != salt_bytes:
        raise ValueError("A salt has 32 bytes.")
    return hashlib.sha256(commitment_label + entry_id.bytes + _text(kind) + salt + value.encode()).digest()


def opens(leaf: Leaf, *, kind: str, salt: bytes, value: str) -> bool:
    """Whether salt and value are what the leaf committed to."""
    if kind not in leaf.commitments or len(salt) != salt_bytes:
        return False
    return leaf.commitments[kind] == commit_to(value, kind=kind, salt=salt, entry_id=leaf.entry_id)


def microseconds_of(at: datetime) -> int:
    """Microseconds since 1970 in UTC, by whole numbers: a float would lose the last digits."""
    if at.tzinfo is None:
        raise ValueError("An instant has a time zone.")
    return (at - _epoch) // timedelta(microseconds=1)


def _read(stream: io.BytesIO) -> Leaf:
    if stream.read(len(magic)) != magic:
        raise ValueError("These are not the bytes of a leaf.")
    return Leaf(
        platform_id=UUID(bytes=stream.read(16)),
        entry_id=UUID(bytes=stream.read(16)),
        event=_read_sized(stream).decode("ascii"),
        at=_epoch + timedelta(microseconds=int.from_bytes(stream.read(8), "big", signed=True)),
        subject_id=_read_id(stream),
        object_id=_read_id(stream),
        digests={_read_sized(stream).decode("ascii"): _read_sized(stream) for _ in range(stream.read(1)[0])},
        commitments={_read_sized(stream).decode("ascii"): stream.read(32) for _ in range(stream.read(1)[0])},
    )


def _read_sized(stream: io.BytesIO) -> bytes:
    return stream.read(stream.read(1)[0])


def _read_id(stream: io.BytesIO) -> UUID | None:
    return UUID(bytes=stream.read(16)) if stream.read(1) == b"\x01" else None


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
