"""The sealed manifest of a stream: which segments make it, in which order. See docs/formats/sealed-stream.md."""

import secrets
import struct
from dataclasses import dataclass

from letterlock.foundation.kernel.secrets import Plaintext, Sealed, Secret
from letterlock.foundation.vault.sealing import (
    Context,
    Tampered,
    format_version,
    open_record,
    salt_bytes,
    seal_with_salt,
)
from letterlock.foundation.vault.segments import segment_bytes, segment_salt_bytes

most_segments = 20_000
format_name = "stream-manifest"

_head = struct.Struct(">BQI32sI")  # version, total, CRC-32, SHA-256, number of segments
_entry = struct.Struct(f">I{segment_salt_bytes}s")


@dataclass(frozen=True)
class SegmentEntry:
    """One segment: how much plaintext it holds, and the salt that tells it from every other attempt."""

    length_bytes: int
    salt: bytes


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a whole stream consists of."""

    total_bytes: int
    crc32: int
    sha256: bytes
    segments: tuple[SegmentEntry, ...]

    def encode(self) -> bytes:
        head = _head.pack(format_version, self.total_bytes, self.crc32, self.sha256, len(self.segments))
        return head + b"".join(_entry.pack(segment.length_bytes, segment.salt) for segment in self.segments)


def seal_manifest(manifest: Manifest, *, key: Secret[bytes], context: Context) -> Sealed:
    """The manifest under the object's key, in the stream's context."""
    salt = secrets.token_bytes(salt_bytes)
    return seal_with_salt(Plaintext(manifest.encode()), salt=salt, key=key, context=context, format_name=format_name)


def open_manifest(sealed: bytes, *, key: Secret[bytes], context: Context) -> Manifest:
    """What `seal_manifest` sealed. Raises Tampered."""
    plain = open_record(sealed, key=key, context=context, format_name=format_name)
    if len(plain) < _head.size or plain[0] != format_version:
        raise Tampered
    _version, total, crc32, sha256, count = _head.unpack_from(plain)
    if len(plain) != _head.size + count * _entry.size:
        raise Tampered
    segments = tuple(SegmentEntry(*fields) for fields in _entry.iter_unpack(plain[_head.size :]))
    manifest = Manifest(total_bytes=total, crc32=crc32, sha256=sha256, segments=segments)
    if not _is_sound(manifest):
        raise Tampered
    return manifest


def _is_sound(manifest: Manifest) -> bool:
    lengths = [segment.length_bytes for segment in manifest.segments]
    return 0 < len(lengths) <= most_segments and max(lengths) <= segment_bytes and sum(lengths) == manifest.total_bytes
