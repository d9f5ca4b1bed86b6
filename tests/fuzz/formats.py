"""Sealed and signed bytes, as somebody may have changed them: every one opens to what was sealed, or is refused.

The inputs are sound ones, cut, spliced and overwritten: random bytes alone would never get past the first check.
"""

import copy
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from letterlock.domain.mailbox import attesting
from letterlock.foundation.audit import encoding, notes
from letterlock.foundation.kernel.secrets import Plaintext, Secret
from letterlock.foundation.vault import journal, key_pairs, manifests, sealing, streams, wrapping
from letterlock.foundation.vault.keys import ContentKey
from letterlock.foundation.vault.sealing import Context, Tampered
from letterlock.foundation.vault.segments import Header, StreamKind, open_frames, seal_segment
from tests.domain.mailbox.test_exporting import checker
from tests.fuzz.fuzzing import Target

vectors = Path(__file__).parents[1] / "vectors"
plain = Plaintext(b"The numbers are in.")
key = ContentKey(bytes(range(32)))
context = Context(platform_id=UUID(int=1), purpose="fuzz", object_id=UUID(int=2))
record = sealing.seal_record(plain, key=key, context=context)
body = streams.seal_body(plain, key=key, context=context)
segment_header = Header(kind=StreamKind.FILE, object_id=UUID(int=2), index=0, salt=bytes(32))
segment = seal_segment(plain, header=segment_header, key=key, context=context)


def _read(name: str) -> Any:
    return json.loads((vectors / name).read_text(encoding="utf-8"))


slips = [_read(f"exported-slip/{file.name}") for file in sorted((vectors / "exported-slip").glob("*.json"))]
note = _read("ledger-checkpoint/notes.json")["sound"][0]
leaves = [bytes.fromhex(_read(f"audit-ledger/{one.name}")["leaf"]) for one in (vectors / "audit-ledger").glob("*.json")]
lines = [line for case in _read("destruction-journal/lines.json")["cases"] for line in [case["line"].encode()]]
pair = _read("keys/key-pairs.json")["cases"][0]


@st.composite
def changed(draw: st.DrawFn, sound: list[bytes]) -> bytes:
    """One of the sound ones after up to four changes, or anything at all."""
    content = bytearray(draw(st.sampled_from(sound)))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 40)))
        content[start:end] = draw(st.binary(max_size=40))
    return draw(st.just(bytes(content)) | st.binary(max_size=300))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def changed_slip(draw: st.DrawFn) -> str:
    """A slip in which some values, wherever they stand, are others."""
    slip = copy.deepcopy(draw(st.sampled_from(slips)))
    for _ in range(draw(st.integers(0, 3))):
        place: Any = slip
        for _depth in range(draw(st.integers(0, 3))):
            inner = list(place.values()) if isinstance(place, dict) else place
            deeper = [one for one in inner if isinstance(one, dict | list) and one]
            place = draw(st.sampled_from(deeper)) if deeper else place
        at = draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        place[at] = draw(anything)
    return json.dumps(slip)


def _opens_to_itself(opening: Callable[[bytes], bytes]) -> Callable[[bytes], None]:
    def read(sealed: bytes) -> None:
        assert opening(sealed) == plain

    return read


def _open_segment(sealed: bytes) -> bytes:
    return b"".join(open_frames([sealed], header=segment_header, key=key, context=context))


def _half(sealed: bytes) -> None:
    private = key_pairs.read_private_key(bytes.fromhex(pair["private_key"]))
    wrapping.open_half(sealed, private=private, context=context)


def _leaf(content: bytes) -> None:
    assert encoding.encode(encoding.decode(content)) == content


def _line(line: bytes) -> None:
    read = journal.read_line(line)
    assert read is None or journal.read_line(journal.spell_line(read)) == read


def _whole(line: bytes) -> bytes:
    """The line with a checksum that fits: a torn one is passed over before anything of it is read."""
    text = line.rpartition(b"\t")[0]
    return text + f"\t{zlib.crc32(text):08x}\n".encode()


def _note(text: str) -> None:
    notes.read_checkpoint(notes.open_note(text, key=notes.read_key(note["key"])))


def _alone(text: str) -> None:
    """The stand-alone checker says one of its two sentences, or what the file proves."""
    list(checker.report(*checker.check(json.loads(text), ""), is_expected=False))


def _text(sound: list[bytes]) -> SearchStrategy[str]:
    return changed(sound).map(lambda content: content.decode(errors="replace"))


far_off = copy.deepcopy(slips[-1])
far_off["entries"][0]["index"] = float("inf")

wrong = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
targets = [
    Target(
        name="sealed record",
        inputs=changed([record]),
        read=_opens_to_itself(lambda sealed: sealing.open_record(sealed, key=key, context=context)),
        refuses=(Tampered,),
    ),
    Target(
        name="sealed body",
        inputs=changed([body]),
        read=_opens_to_itself(lambda sealed: streams.open_body(sealed, key=key, context=context)),
        refuses=(Tampered,),
    ),
    Target(name="segment", inputs=changed([segment]), read=_opens_to_itself(_open_segment), refuses=(Tampered,)),
    Target(
        name="manifest",
        inputs=changed([body[4:200]]),
        read=lambda sealed: manifests.open_manifest(sealed, key=key, context=context),
        refuses=(Tampered,),
    ),
    Target(
        name="manifest inside",  # by somebody who has the key
        inputs=changed([manifests.Manifest(total_bytes=0, crc32=0, sha256=bytes(32), segments=()).encode()]),
        read=lambda content: manifests.open_manifest(_sealed_manifest(content), key=key, context=context),
        refuses=(Tampered,),
    ),
    Target(name="padding", inputs=changed([streams.pad(plain)]), read=streams.unpad, refuses=(Tampered,)),
    Target(name="wrap", inputs=changed([bytes(1168)]), read=_half, refuses=(Tampered,)),
    Target(
        name="public key",
        inputs=changed([bytes.fromhex(pair["public_key"])]),
        read=key_pairs.read_public_key,
        refuses=(Tampered,),
    ),
    Target(name="leaf", inputs=changed(leaves), read=_leaf, refuses=(ValueError,)),
    Target(
        name="journal line",
        inputs=changed(lines) | changed(lines).map(_whole),
        read=_line,
        refuses=(journal.UnknownLine,),
        findings=(_whole(b"1\t\x80\t"), _whole(b"1\tmany\tfields\t"), _whole(b"\x801\t")),
    ),
    Target(name="checkpoint note", inputs=_text([note["note"].encode()]), read=_note, refuses=(notes.NoteError,)),
    Target(name="ledger key", inputs=_text([note["key"].encode()]), read=notes.read_key, refuses=(notes.NoteError,)),
    Target(
        name="exported slip",
        inputs=changed_slip() | st.text(max_size=80),
        read=attesting.attest,
        refuses=(attesting.SlipError,),
        findings=(json.dumps(far_off),),
    ),
    Target(
        name="slip, standing alone",
        inputs=changed_slip() | st.text(max_size=80),
        read=_alone,
        refuses=(checker.Broken, *wrong),
    ),
]


def _sealed_manifest(content: bytes) -> bytes:
    return sealing.seal_with_salt(
        Plaintext(content), salt=bytes(16), key=Secret(key.reveal()), context=context, format_name="stream-manifest"
    )
