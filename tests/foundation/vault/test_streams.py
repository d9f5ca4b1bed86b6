"""Whole streams and bodies: docs/formats/sealed-stream.md."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letterlock.foundation.kernel.secrets import Plaintext, Sealed
from letterlock.foundation.vault import manifests, streams
from letterlock.foundation.vault.keys import ContentKey, new_content_key
from letterlock.foundation.vault.manifests import SegmentEntry
from letterlock.foundation.vault.sealing import Context, Tampered
from letterlock.foundation.vault.segments import StreamKind, frame_bytes, segment_bytes
from tests.foundation.vault import by_the_page
from tests.foundation.vault.vectors import cases, content_of, context_of, folder

key = new_content_key()
here = Context(platform_id=uuid4(), purpose="body", object_id=uuid4())
letter = Plaintext(b"<p>Dear Bob, the files are ready.</p>" * 300)
two_segments = bytes(segment_bytes) + b"and nine."


@cases("sealed-stream/bodies.json")
def test_a_body_opens_from_its_vector(case: dict[str, Any]) -> None:
    sealed = body_by_the_page(case)
    given_key = ContentKey(bytes.fromhex(case["key"]))
    assert streams.open_body(sealed, key=given_key, context=context_of(case["context"])) == content_of(case)


@cases("sealed-stream/padding.json")
def test_padding_follows_its_vector(case: dict[str, Any]) -> None:
    assert streams.padded_length(case["length"]) == case["padded"]


@settings(deadline=None)
@given(content=st.binary(max_size=3000))
def test_what_is_sealed_opens(content: bytes) -> None:
    sealed = streams.seal_body(Plaintext(content), key=key, context=here)
    assert streams.open_body(sealed, key=key, context=here) == content


@given(length=st.integers(1, 2**40))
def test_padding_costs_twelve_per_cent_at_most_and_never_shortens(length: int) -> None:
    padded = streams.padded_length(length)
    assert length <= padded <= max(256, length * 1.12)
    assert padded == max(256, by_the_page.padme(max(2, length)))


def test_a_yes_and_a_no_have_the_same_size() -> None:
    sizes = {len(streams.seal_body(Plaintext(text), key=key, context=here)) for text in (b"", b"No", b"Yes, all of it")}
    assert len(sizes) == 1


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_flipped_bit_of_a_body_is_refused(data: st.DataObject) -> None:
    sealed = bytearray(streams.seal_body(letter, key=key, context=here))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Tampered):
        streams.open_body(bytes(sealed), key=key, context=here)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_cut_or_longer_body_is_refused(data: st.DataObject) -> None:
    sealed = streams.seal_body(letter, key=key, context=here)
    changed = data.draw(
        st.one_of(
            st.integers(0, len(sealed) - 1).map(lambda length: sealed[:length]),
            st.binary(min_size=1, max_size=40).map(lambda more: sealed + more),
        )
    )
    with pytest.raises(Tampered):
        streams.open_body(changed, key=key, context=here)


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(here, platform_id=uuid4()),
        replace(here, purpose="picture"),
        replace(here, object_id=uuid4()),
        replace(here, holder_id=uuid4()),
        replace(here, generation=2),
    ],
)
def test_a_body_moved_to_another_context_is_refused(elsewhere: Context) -> None:
    sealed = streams.seal_body(letter, key=key, context=here)
    with pytest.raises(Tampered):
        streams.open_body(sealed, key=key, context=elsewhere)


def test_a_body_under_another_key_is_refused() -> None:
    sealed = streams.seal_body(letter, key=key, context=here)
    with pytest.raises(Tampered):
        streams.open_body(sealed, key=new_content_key(), context=here)


def test_equal_bodies_give_different_bytes() -> None:
    assert len({streams.seal_body(letter, key=key, context=here) for _ in range(20)}) == 20


def test_the_end_of_one_body_does_not_fit_the_beginning_of_another() -> None:
    one, other = (streams.seal_body(letter, key=key, context=here) for _ in range(2))
    manifest_end = 4 + int.from_bytes(one[:4], "big")
    with pytest.raises(Tampered):
        streams.open_body(one[:manifest_end] + other[manifest_end:], key=key, context=here)


def test_a_stream_is_cut_into_segments_of_eight_mebibytes() -> None:
    segments, sealed_manifest = seal_file(two_segments)
    manifest = manifests.open_manifest(sealed_manifest, key=key, context=here)
    assert [segment.length_bytes for segment in manifest.segments] == [segment_bytes, 9]
    assert manifest.sha256 == hashlib.sha256(two_segments).digest()
    assert manifest.crc32 == zlib.crc32(two_segments)
    assert b"".join(open_file(segments, sealed_manifest)) == two_segments


def test_an_empty_stream_has_one_empty_segment() -> None:
    segments, sealed_manifest = seal_file(b"")
    assert len(segments) == 1
    assert b"".join(open_file(segments, sealed_manifest)) == b""


def test_segments_swapped_repeated_or_missing_are_refused() -> None:
    (one, two), sealed_manifest = seal_file(two_segments)
    for segments in ([two, one], [one, one], [two, two], [one, b""], [b"", two], [one + two, two]):
        with pytest.raises(Tampered):
            list(open_file(segments, sealed_manifest))


def test_a_segment_of_an_earlier_attempt_is_refused_before_its_first_byte() -> None:
    # The same file, key, index and length: only the salt in the manifest tells the attempts apart.
    (earlier, _rest), _manifest = seal_file(two_segments)
    (_one, two), sealed_manifest = seal_file(two_segments)
    with pytest.raises(Tampered):
        next(open_file([earlier, two], sealed_manifest))


def test_a_manifest_that_names_another_length_is_refused_at_the_end() -> None:
    segments, sealed_manifest = seal_file(b"nine here")
    manifest = manifests.open_manifest(sealed_manifest, key=key, context=here)
    longer = replace(manifest, total_bytes=10, segments=(SegmentEntry(10, manifest.segments[0].salt),))
    opened = streams.open_stream(
        longer, fetch=lambda index: [segments[index]], key=key, context=here, kind=StreamKind.FILE
    )
    with pytest.raises(Tampered):
        list(opened)


def test_a_file_does_not_open_as_an_export() -> None:
    segments, sealed_manifest = seal_file(b"a file")
    with pytest.raises(Tampered):
        list(open_file(segments, sealed_manifest, kind=StreamKind.EXPORT))


def test_a_reader_has_the_first_frame_before_the_last_was_fetched() -> None:
    segments, sealed_manifest = seal_file(two_segments)
    assert len(next(open_file([segments[0]], sealed_manifest))) == frame_bytes


def test_more_segments_than_a_manifest_may_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "most_segments", 1)
    with pytest.raises(ValueError, match="at most 1"):
        seal_file(two_segments)


def test_a_padded_body_of_another_size_is_refused() -> None:
    padded = streams.pad(b"x" * 500)
    for changed in (b"", padded[:7], padded + b"\x00", (5000).to_bytes(8, "big") + padded[8:], padded[:256]):
        with pytest.raises(Tampered):
            streams.unpad(changed)


def seal_file(content: bytes) -> tuple[list[Sealed], Sealed]:
    segments: list[Sealed] = []
    manifest = streams.seal_stream([content], key=key, context=here, kind=StreamKind.FILE, keep=segments.append)
    return segments, manifest


def open_file(segments: list[Any], sealed_manifest: Sealed, kind: StreamKind = StreamKind.FILE) -> Iterator[Plaintext]:
    manifest = manifests.open_manifest(sealed_manifest, key=key, context=here)
    return streams.open_stream(manifest, fetch=lambda index: [segments[index]], key=key, context=here, kind=kind)


def body_by_the_page(case: dict[str, Any]) -> bytes:
    """The body as the second implementation seals it, which must be what the vector says."""
    sealed = by_the_page.seal_body(
        content_of(case),
        key=bytes.fromhex(case["key"]),
        manifest_salt=bytes.fromhex(case["manifest_salt"]),
        salt=bytes.fromhex(case["salt"]),
        given=case["context"],
    )
    if "sealed" in case:
        assert sealed.hex() == case["sealed"]
    else:
        assert hashlib.sha256(sealed).hexdigest() == case["sealed_sha256"]
    return sealed


def test_every_vector_belongs_to_a_page() -> None:
    pages = {page.stem for page in (folder.parents[1] / "docs" / "formats").glob("*.md")}
    assert {each.name for each in folder.iterdir() if each.is_dir()} <= pages
