"""One segment of a sealed stream: a header, then frames that verify one by one. See docs/formats/sealed-stream.md.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as in age: a counter orders the frames, a
flag in the nonce marks the last, so that nothing can be cut off, repeated or swapped without being seen.
"""

import enum
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from letterlock.foundation.kernel.secrets import Plaintext, Sealed, Secret
from letterlock.foundation.vault.sealing import Context, Tampered, derive_key, format_version, tag_bytes

frame_bytes = 256 * 1024
segment_bytes = 8 * 1024 * 1024
segment_salt_bytes = 32

Piece: TypeAlias = bytes | memoryview

_header = struct.Struct(">4sBBBx16sI32s")
header_bytes = _header.size
_magic = b"LLSS"
_suite = 1  # HKDF-SHA256, AES-256-GCM, frames of 256 KiB


class StreamKind(enum.IntEnum):
    """What a stream holds; a file never opens as an export."""

    BODY = 1
    FILE = 2
    EXPORT = 3


@dataclass(frozen=True, kw_only=True)
class Header:
    """The first 60 bytes of a segment. Its salt is fresh for every attempt, so its key is too."""

    kind: StreamKind
    object_id: UUID
    index: int
    salt: bytes

    def encode(self) -> bytes:
        return _header.pack(_magic, format_version, _suite, self.kind, self.object_id.bytes, self.index, self.salt)


def seal_segment(content: Piece, *, header: Header, key: Secret[bytes], context: Context) -> Sealed:
    """A whole segment in memory."""
    return Sealed(b"".join(seal_frames([content], header=header, key=key, context=context)))


def seal_frames(pieces: Iterable[Piece], *, header: Header, key: Secret[bytes], context: Context) -> Iterator[Sealed]:
    """The segment as it comes: the header, then each frame as soon as the next one has begun.

    SECURITY: a header serves one call; the same salt with other content would repeat nonces under one key.
    """
    cipher = _cipher(header, key=key, context=context)
    yield Sealed(header.encode())
    for number, (block, is_last) in enumerate(cut(pieces, size=frame_bytes)):
        yield Sealed(cipher.encrypt(_nonce(number, is_last=is_last), block, None))


def open_frames(
    pieces: Iterable[bytes], *, header: Header, key: Secret[bytes], context: Context
) -> Iterator[Plaintext]:
    """The frames that verify, in order. Raises Tampered at the first that does not, and at an early or late end.

    A caller that stops at the first error has only been handed what the writer wrote, in its place; whether the
    segment is whole is known when the iterator ends without raising.
    """
    stream = iter(pieces)
    cipher = _cipher(header, key=key, context=context)
    for number, (block, is_last) in enumerate(cut(_after_header(stream, header), size=frame_bytes + tag_bytes)):
        yield _open_frame(cipher, block, number=number, is_last=is_last)


def sealed_length(plaintext_length: int) -> int:
    """How many bytes a segment of so much plaintext has."""
    frames = max(1, -(-plaintext_length // frame_bytes))
    return header_bytes + plaintext_length + frames * tag_bytes


def cut(pieces: Iterable[Piece], *, size: int) -> Iterator[tuple[Piece, bool]]:
    """The same bytes in blocks of `size`, each with whether it is the last; of nothing, one empty last block.

    What lies in one piece is shown, not copied: beside a cipher of gigabytes a second each copy would be felt.
    """
    held, held_bytes = list[Piece](), 0
    for piece in pieces:
        rest = memoryview(piece)
        while rest:
            # A full block is held back until a byte follows it: only then is it known not to be the last.
            if held_bytes == size:
                yield _whole(held), False
                held, held_bytes = [], 0
            taken = rest[: size - held_bytes]
            held.append(taken)
            held_bytes += len(taken)
            rest = rest[len(taken) :]
    yield _whole(held), True


def _whole(held: list[Piece]) -> Piece:
    return held[0] if len(held) == 1 else b"".join(held)


def _open_frame(cipher: AESGCM, block: Piece, *, number: int, is_last: bool) -> Plaintext:
    if number and len(block) <= tag_bytes:
        # An empty frame is written only when there is nothing else, so that there is one spelling of everything.
        raise Tampered
    try:
        return Plaintext(cipher.decrypt(_nonce(number, is_last=is_last), block, None))
    except InvalidTag:
        raise Tampered from None


def _after_header(stream: Iterator[bytes], header: Header) -> Iterator[Piece]:
    start = b""
    for piece in stream:
        start += piece
        if len(start) >= header_bytes:
            break
    if start[:header_bytes] != header.encode():
        raise Tampered
    yield memoryview(start)[header_bytes:]
    yield from stream


def _cipher(header: Header, *, key: Secret[bytes], context: Context) -> AESGCM:
    info = context.encode(format_name="sealed-stream") + header.encode()
    return AESGCM(derive_key(key, salt=header.salt, info=info))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((is_last,))
