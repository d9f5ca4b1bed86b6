"""Segments of a sealed stream: docs/formats/sealed-stream.md."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from letterlock.foundation.kernel.secrets import Secret
from letterlock.foundation.vault.sealing import Context, Tampered, tag_bytes
from letterlock.foundation.vault.segments import (
    Header,
    StreamKind,
    cut,
    frame_bytes,
    header_bytes,
    open_frames,
    seal_frames,
    seal_segment,
    sealed_length,
)
from tests.foundation.vault import by_the_page
from tests.foundation.vault.test_sealing import is_stored
from tests.foundation.vault.vectors import cases, content_of, context_of

key = Secret(b"k" * 32)
here = Context(platform_id=uuid4(), purpose="file", object_id=uuid4())
header = Header(kind=StreamKind.FILE, object_id=here.object_id, index=0, salt=b"s" * 32)
three_frames = b"".join(bytes((number,)) * frame_bytes for number in (1, 2)) + b"the end"
sealed_three = seal_segment(three_frames, header=header, key=key, context=here)
stored_frame = frame_bytes + tag_bytes
head, first, second, third = (
    sealed_three[:header_bytes],
    sealed_three[header_bytes : header_bytes + stored_frame],
    sealed_three[header_bytes + stored_frame : header_bytes + 2 * stored_frame],
    sealed_three[header_bytes + 2 * stored_frame :],
)


@cases("sealed-stream/segments.json")
def test_a_segment_has_exactly_the_bytes_of_its_vector(case: dict[str, Any]) -> None:
    parent, context, content = Secret(bytes.fromhex(case["key"])), context_of(case["context"]), content_of(case)
    sealed = seal_segment(content, header=header_of(case), key=parent, context=context)
    assert is_stored(case, sealed)
    assert len(sealed) == sealed_length(len(content))
    assert b"".join(open_frames([sealed], header=header_of(case), key=parent, context=context)) == content


@cases("sealed-stream/segments.json")
def test_a_second_implementation_seals_segments_to_the_same_bytes(case: dict[str, Any]) -> None:
    sealed = by_the_page.seal_segment(
        content_of(case),
        key=bytes.fromhex(case["key"]),
        salt=bytes.fromhex(case["salt"]),
        kind=case["kind"],
        index=case["index"],
        given=case["context"],
    )
    assert is_stored(case, sealed)


@cases("sealed-stream/refused.json")
def test_every_other_segment_is_refused_and_nothing_of_it_is_given(case: dict[str, Any]) -> None:
    frames = open_frames(
        [bytes.fromhex(case["sealed"])],
        header=header_of(case),
        key=Secret(bytes.fromhex(case["key"])),
        context=context_of(case["context"]),
    )
    with pytest.raises(Tampered):
        next(frames)


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, len(sealed_three) - 1), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused_at_its_frame(position: int, bit: int) -> None:
    changed = bytearray(sealed_three)
    changed[position] ^= 1 << bit
    given_out = read_until_tampered(bytes(changed))
    untouched = max(0, position - header_bytes) // stored_frame
    assert given_out == three_frames[: untouched * frame_bytes]


@pytest.mark.parametrize(
    ("pieces", "frames_given"),
    [
        ([head], 0),
        ([head, first], 0),
        ([head, first, second], 1),
        ([head, first, third], 1),
        ([head, first, first, third], 1),
        ([head, second, first, third], 0),
        ([head, first, second, second, third], 2),
        ([head, second, third], 0),
        ([head, first, second, third, third], 2),
        ([head, first, second, third, first], 2),
        ([head, third], 0),
        ([head, first, second, third[:-1]], 2),
        ([head, first, second, third[:16]], 2),
        ([head, first, second[:-1]], 1),
        ([head, first, second, third, b"\x00"], 2),
        ([first, second, third], 0),
        ([head, head, first, second, third], 0),
        ([], 0),
    ],
)
def test_a_frame_cut_off_left_out_repeated_or_moved_is_refused(pieces: list[bytes], frames_given: int) -> None:
    assert read_until_tampered(b"".join(pieces)) == three_frames[: frames_given * frame_bytes]


def test_a_frame_of_another_segment_is_refused_in_the_same_place() -> None:
    other = Header(kind=header.kind, object_id=header.object_id, index=1, salt=header.salt)
    foreign = seal_segment(three_frames, header=other, key=key, context=here)
    assert read_until_tampered(head + first + foreign[len(head + first) :]) == three_frames[:frame_bytes]


def test_an_empty_frame_after_others_is_refused_though_its_tag_is_right() -> None:
    whole = three_frames[: 2 * frame_bytes]
    frames = list(seal_frames([whole, b"x"], header=header, key=key, context=here))
    empty_last = seal_frames_with_an_empty_end(whole)
    assert frames[:3] == empty_last[:3]
    assert read_until_tampered(b"".join(empty_last)) == whole


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_how_the_bytes_arrive_changes_nothing(data: st.DataObject) -> None:
    sealed = b"".join(seal_frames(broken_up(three_frames, data), header=header, key=key, context=here))
    assert sealed == sealed_three
    opened = open_frames(broken_up(sealed, data), header=header, key=key, context=here)
    assert b"".join(opened) == three_frames


def test_a_frame_is_sealed_before_the_whole_segment_has_come() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * frame_bytes

    frames = seal_frames(endless(), header=header, key=key, context=here)
    assert [len(next(frames)) for _ in range(3)] == [header_bytes, stored_frame, stored_frame]


@given(pieces=st.lists(st.binary(max_size=20), max_size=10), size=st.integers(1, 7))
def test_cutting_keeps_the_bytes_and_marks_exactly_the_last_block(pieces: list[bytes], size: int) -> None:
    blocks = list(cut(pieces, size=size))
    assert b"".join(block for block, _is_last in blocks) == b"".join(pieces)
    assert [is_last for _block, is_last in blocks] == [False] * (len(blocks) - 1) + [True]
    assert all(len(block) == size for block, is_last in blocks if not is_last)
    assert len(blocks) == 1 or len(blocks[-1][0]) > 0


def read_until_tampered(sealed: bytes) -> bytes:
    """What a reader was given before the error."""
    given_out: list[bytes] = []
    with pytest.raises(Tampered):
        given_out.extend(open_frames([sealed], header=header, key=key, context=here))
    return b"".join(given_out)


def seal_frames_with_an_empty_end(whole: bytes) -> list[bytes]:
    given_context = {
        "platform": str(here.platform_id),
        "purpose": here.purpose,
        "object": str(here.object_id),
        "generation": here.generation,
    }
    info = by_the_page.context("sealed-stream", given_context) + header.encode()
    cipher = AESGCM(by_the_page.hkdf(key.reveal(), salt=header.salt, info=info))
    blocks = [whole[:frame_bytes], whole[frame_bytes:], b""]
    nonces = [number.to_bytes(11, "big") + bytes((number == 2,)) for number in range(3)]
    return [header.encode()] + [cipher.encrypt(nonce, block, b"") for nonce, block in zip(nonces, blocks, strict=True)]


def broken_up(content: bytes, data: st.DataObject) -> list[bytes]:
    places = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=6)))
    return [content[start:end] for start, end in zip([0, *places], [*places, len(content)], strict=True)]


def header_of(case: dict[str, Any]) -> Header:
    return Header(
        kind=StreamKind(case["kind"]),
        object_id=UUID(case["context"]["object"]),
        index=case["index"],
        salt=bytes.fromhex(case["salt"]),
    )
