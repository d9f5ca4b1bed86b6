"""Manifests of a sealed stream: docs/formats/sealed-stream.md."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from letterlock.foundation.kernel.secrets import Plaintext, Secret
from letterlock.foundation.vault import manifests
from letterlock.foundation.vault.manifests import Manifest, SegmentEntry
from letterlock.foundation.vault.sealing import Context, Tampered, seal_record, seal_with_salt
from letterlock.foundation.vault.segments import segment_bytes
from tests.foundation.vault import by_the_page
from tests.foundation.vault.vectors import cases, context_of

key = Secret(b"k" * 32)
here = Context(platform_id=uuid4(), purpose="file", object_id=uuid4())
entry = SegmentEntry(10, b"s" * 32)
sound = Manifest(total_bytes=20, crc32=7, sha256=b"d" * 32, segments=(entry, entry))


@cases("sealed-stream/manifests.json")
def test_a_manifest_has_exactly_the_bytes_of_its_vector(case: dict[str, Any]) -> None:
    parent, context = Secret(bytes.fromhex(case["key"])), context_of(case["context"])
    opened = manifests.open_manifest(bytes.fromhex(case["sealed"]), key=parent, context=context)
    assert opened == manifest_of(case)
    assert opened.encode().hex() == case["encoded"]
    again = seal_with_salt(
        Plaintext(opened.encode()),
        salt=bytes.fromhex(case["salt"]),
        key=parent,
        context=context,
        format_name="stream-manifest",
    )
    assert again.hex() == case["sealed"]


@cases("sealed-stream/manifests.json")
def test_a_second_implementation_opens_the_manifest(case: dict[str, Any]) -> None:
    where = by_the_page.context("stream-manifest", case["context"])
    opened = by_the_page.open_record(bytes.fromhex(case["sealed"]), key=bytes.fromhex(case["key"]), where=where)
    assert opened.hex() == case["encoded"]


@pytest.mark.parametrize(
    "unsound",
    [
        replace(sound, total_bytes=21),
        replace(sound, segments=(), total_bytes=0),
        replace(sound, segments=(SegmentEntry(segment_bytes + 1, b"s" * 32),), total_bytes=segment_bytes + 1),
        replace(sound, segments=(SegmentEntry(0, b"s" * 32),) * 20_001, total_bytes=0),
    ],
    ids=["another sum", "no segment", "a segment too long", "too many segments"],
)
def test_a_manifest_that_is_not_sound_is_refused_though_it_verifies(unsound: Manifest) -> None:
    sealed = manifests.seal_manifest(unsound, key=key, context=here)
    with pytest.raises(Tampered):
        manifests.open_manifest(sealed, key=key, context=here)


@pytest.mark.parametrize("encoded", [b"", sound.encode()[:-1], sound.encode() + b"\x00", b"\x02" + sound.encode()[1:]])
def test_a_manifest_of_another_shape_is_refused_though_it_verifies(encoded: bytes) -> None:
    salt = b"s" * 16
    sealed = seal_with_salt(Plaintext(encoded), salt=salt, key=key, context=here, format_name="stream-manifest")
    with pytest.raises(Tampered):
        manifests.open_manifest(sealed, key=key, context=here)


def test_a_plain_record_is_no_manifest() -> None:
    with pytest.raises(Tampered):
        manifests.open_manifest(seal_record(Plaintext(sound.encode()), key=key, context=here), key=key, context=here)


def manifest_of(case: dict[str, Any]) -> Manifest:
    return Manifest(
        total_bytes=case["total_bytes"],
        crc32=int(case["crc32"], 16),
        sha256=bytes.fromhex(case["sha256"]),
        segments=tuple(
            SegmentEntry(segment["length_bytes"], bytes.fromhex(segment["salt"])) for segment in case["segments"]
        ),
    )
