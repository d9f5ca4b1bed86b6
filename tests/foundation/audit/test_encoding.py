"""The leaf's bytes are the ones docs/formats/audit-ledger.md promises."""

import io
import json
import struct
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letterlock.foundation.audit import encoding

vectors = sorted((Path(__file__).parents[2] / "vectors/audit-ledger").glob("*.json"))
names = st.text("abcdefgh.", min_size=1, max_size=12)
leaves = st.builds(
    encoding.Leaf,
    platform_id=st.uuids(),
    entry_id=st.uuids(),
    event=names,
    at=st.datetimes(timezones=st.just(UTC)),
    subject_id=st.none() | st.uuids(),
    object_id=st.none() | st.uuids(),
    digests=st.dictionaries(names, st.binary(min_size=1, max_size=64), max_size=3),
    commitments=st.dictionaries(names, st.binary(min_size=32, max_size=32), max_size=3),
)


def leaf_of(vector: dict[str, Any]) -> encoding.Leaf:
    entry_id = UUID(vector["entry_id"])
    return encoding.Leaf(
        platform_id=UUID(vector["platform_id"]),
        entry_id=entry_id,
        event=vector["event"],
        at=datetime.fromisoformat(vector["at"]),
        subject_id=UUID(vector["subject_id"]) if vector["subject_id"] else None,
        object_id=UUID(vector["object_id"]) if vector["object_id"] else None,
        digests={name: bytes.fromhex(digest) for name, digest in vector["digests"].items()},
        commitments={
            kind: encoding.commit_to(it["value"], kind=kind, salt=bytes.fromhex(it["salt"]), entry_id=entry_id)
            for kind, it in vector["openings"].items()
        },
    )


@pytest.mark.parametrize("path", vectors, ids=lambda path: path.stem)
def test_each_vector_encodes_to_its_leaf(path: Path) -> None:
    vector = json.loads(path.read_text())
    leaf = leaf_of(vector)
    assert {kind: digest.hex() for kind, digest in leaf.commitments.items()} == {
        kind: opening["commitment"] for kind, opening in vector["openings"].items()
    }
    assert encoding.encode(leaf).hex() == vector["leaf"]


@given(leaf=leaves)
def test_a_reader_that_knows_the_page_alone_reads_every_leaf(leaf: encoding.Leaf) -> None:
    assert read_leaf(encoding.encode(leaf)) == leaf


def read_leaf(content: bytes) -> encoding.Leaf:
    """A second implementation, from docs/formats/audit-ledger.md."""
    stream = io.BytesIO(content)

    def text() -> str:
        return stream.read(stream.read(1)[0]).decode("ascii")

    def perhaps_id() -> UUID | None:
        return UUID(bytes=stream.read(16)) if stream.read(1) == b"\x01" else None

    assert stream.read(4) == b"LLE1"
    leaf = encoding.Leaf(
        platform_id=UUID(bytes=stream.read(16)),
        entry_id=UUID(bytes=stream.read(16)),
        event=text(),
        at=datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=struct.unpack(">q", stream.read(8))[0]),
        subject_id=perhaps_id(),
        object_id=perhaps_id(),
        digests={text(): stream.read(stream.read(1)[0]) for _ in range(stream.read(1)[0])},
        commitments={text(): stream.read(32) for _ in range(stream.read(1)[0])},
    )
    assert stream.read() == b""
    return leaf


def test_there_are_vectors() -> None:
    assert len(vectors) >= 3


@given(one=leaves, other=leaves)
def test_two_facts_never_share_an_encoding(one: encoding.Leaf, other: encoding.Leaf) -> None:
    assert (encoding.encode(one) == encoding.encode(other)) == (one == other)


@given(leaf=leaves)
def test_the_order_of_names_does_not_matter(leaf: encoding.Leaf) -> None:
    turned = dict(reversed(list(leaf.digests.items())))
    again = encoding.Leaf(**{**vars(leaf), "digests": turned})
    assert encoding.encode(again) == encoding.encode(leaf)


def test_an_instant_is_the_same_in_every_zone() -> None:
    noon = datetime(2026, 3, 2, 12, 0, 0, 1, tzinfo=UTC)
    elsewhere = noon.astimezone(timezone(timedelta(hours=-8)))
    assert encoding.microseconds_of(elsewhere) == encoding.microseconds_of(noon) == 1772452800000001


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        encoding.microseconds_of(datetime(2026, 3, 2, 12, 0))  # noqa: DTZ001 -- what is to be refused


def test_a_commitment_fits_no_other_entry_and_no_other_kind() -> None:
    salt, one, other = bytes(32), UUID(int=1), UUID(int=2)
    commitment = encoding.commit_to("alice", kind="actor", salt=salt, entry_id=one)
    assert commitment != encoding.commit_to("alice", kind="actor", salt=salt, entry_id=other)
    assert commitment != encoding.commit_to("alice", kind="client", salt=salt, entry_id=one)


@pytest.mark.parametrize(
    "wrong",
    [
        {"event": ""},
        {"event": "x" * 81},
        {"event": "é"},
        {"digests": {"body": b""}},
        {"digests": {"body": bytes(256)}},
        {"digests": {str(number): b"1" for number in range(256)}},
    ],
)
def test_what_the_format_cannot_hold_is_refused(wrong: dict[str, Any]) -> None:
    plain: dict[str, Any] = {"platform_id": UUID(int=1), "entry_id": UUID(int=2), "event": "a.b.c"}
    leaf = encoding.Leaf(**plain | {"at": datetime(2026, 1, 1, tzinfo=UTC)} | wrong)
    with pytest.raises(ValueError):  # noqa: PT011 -- whatever its words
        encoding.encode(leaf)
