"""Sealed streams: bodies in one piece of bytes, files and exports segment by segment.

See docs/formats/sealed-stream.md.
"""

import hashlib
import secrets
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator

from letterlock.foundation.kernel.secrets import Plaintext, Sealed, Secret
from letterlock.foundation.vault import manifests
from letterlock.foundation.vault.keys import ContentKey
from letterlock.foundation.vault.manifests import Manifest, SegmentEntry
from letterlock.foundation.vault.sealing import Context, Tampered
from letterlock.foundation.vault.segments import (
    Header,
    StreamKind,
    cut,
    open_frames,
    seal_segment,
    sealed_length,
    segment_bytes,
    segment_salt_bytes,
)

smallest_body_bytes = 256

_length = struct.Struct(">Q")
_manifest_length = struct.Struct(">I")


def seal_body(plaintext: Plaintext, *, key: ContentKey, context: Context) -> Sealed:
    """A body or picture, padded so that its size says little: manifest and segments in one piece."""
    segments: list[Sealed] = []
    manifest = seal_stream([pad(plaintext)], key=key, context=context, kind=StreamKind.BODY, keep=segments.append)
    return Sealed(b"".join((_manifest_length.pack(len(manifest)), manifest, *segments)))


def open_body(sealed: bytes, *, key: ContentKey, context: Context) -> Plaintext:
    """What `seal_body` sealed. Raises Tampered; then no byte of it is given."""
    start = _manifest_length.size
    if len(sealed) < start:
        raise Tampered
    (length,) = _manifest_length.unpack_from(sealed)
    manifest = manifests.open_manifest(sealed[start : start + length], key=key, context=context)
    segments = _slices(sealed[start + length :], manifest)
    opened = open_stream(
        manifest, fetch=lambda index: [segments[index]], key=key, context=context, kind=StreamKind.BODY
    )
    return unpad(b"".join(opened))


def seal_stream(
    pieces: Iterable[bytes],
    *,
    key: Secret[bytes],
    context: Context,
    kind: StreamKind,
    keep: Callable[[Sealed], object],
) -> Sealed:
    """Seal the pieces segment by segment, handing each to `keep` as it closes; answers the sealed manifest.

    Holds one segment (8 MiB) in memory. The order of the calls to `keep` is the order of the segments.
    """
    digest, crc32, entries = hashlib.sha256(), 0, list[SegmentEntry]()
    for index, (content, _is_last) in enumerate(cut(pieces, size=segment_bytes)):
        if index == manifests.most_segments:
            raise ValueError(f"A stream has at most {manifests.most_segments} segments.")
        salt = secrets.token_bytes(segment_salt_bytes)
        header = Header(kind=kind, object_id=context.object_id, index=index, salt=salt)
        keep(seal_segment(content, header=header, key=key, context=context))
        entries.append(SegmentEntry(len(content), salt))
        digest.update(content)
        crc32 = zlib.crc32(content, crc32)
    total = sum(entry.length_bytes for entry in entries)
    manifest = Manifest(total_bytes=total, crc32=crc32, sha256=digest.digest(), segments=tuple(entries))
    return manifests.seal_manifest(manifest, key=key, context=context)


def open_stream(
    manifest: Manifest,
    *,
    fetch: Callable[[int], Iterable[bytes]],
    key: Secret[bytes],
    context: Context,
    kind: StreamKind,
) -> Iterator[Plaintext]:
    """The verified frames of the whole stream; `fetch` gives the stored bytes of a segment by its index.

    Raises Tampered at the first frame that does not verify. What was handed out until then is the stream's beginning.
    """
    for index, entry in enumerate(manifest.segments):
        header = Header(kind=kind, object_id=context.object_id, index=index, salt=entry.salt)
        opened_bytes = 0
        for frame in open_frames(fetch(index), header=header, key=key, context=context):
            opened_bytes += len(frame)
            yield frame
        if opened_bytes != entry.length_bytes:
            raise Tampered


def pad(plaintext: bytes) -> bytes:
    """The length, the bytes, then zeros up to a size that Padmé gives."""
    content = _length.pack(len(plaintext)) + plaintext
    return content.ljust(padded_length(len(content)), b"\x00")


def unpad(padded: bytes) -> Plaintext:
    """What `pad` padded. Raises Tampered."""
    if len(padded) < _length.size:
        raise Tampered
    (length,) = _length.unpack_from(padded)
    if padded_length(_length.size + length) != len(padded):
        raise Tampered
    return Plaintext(padded[_length.size : _length.size + length])


def padded_length(length: int) -> int:
    """Padmé (Nikitin et al. 2019): at most 12 % more, and only O(log log length) bits of the size are told.

    Below 256 bytes everything is 256: there Padmé alone would tell a "yes" from a "no".
    """
    if length <= smallest_body_bytes:
        return smallest_body_bytes
    exponent = length.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << free_bits) - 1
    return (length + mask) & ~mask


def _slices(stored: bytes, manifest: Manifest) -> list[bytes]:
    slices, start = [], 0
    for entry in manifest.segments:
        end = start + sealed_length(entry.length_bytes)
        slices.append(stored[start:end])
        start = end
    if start != len(stored):
        raise Tampered
    return slices
