"""Signed notes are those of C2SP, byte for byte."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from letterlock.foundation.audit import notes
from letterlock.foundation.audit.notes import Checkpoint, Key, NoteError

vectors = json.loads((Path(__file__).parents[2] / "vectors/ledger-checkpoint/notes.json").read_text())
sound = vectors["sound"]
private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
key = Key("acme.example/ledger", private.public_key().public_bytes_raw())


@pytest.mark.parametrize("vector", sound, ids=lambda vector: vector["what"])
def test_each_vector_is_read_and_written_again(vector: dict[str, Any]) -> None:
    signer = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vector["private"]))
    public = notes.read_key(vector["key"])
    assert public == Key(vector["origin"], signer.public_key().public_bytes_raw())
    assert public.spell() == vector["key"]
    checkpoint = notes.read_checkpoint(notes.open_note(vector["note"], key=public))
    assert checkpoint == Checkpoint(vector["origin"], vector["size"], bytes.fromhex(vector["root"]))
    text = checkpoint.spell()
    assert notes.sign(text, key=public, signature=signer.sign(text.encode())) == vector["note"]


@pytest.mark.parametrize("vector", vectors["refused"], ids=lambda vector: vector["what"])
def test_each_refused_vector_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(NoteError):
        notes.read_checkpoint(notes.open_note(vector["note"], key=notes.read_key(sound[0]["key"])))


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80), place=st.integers(0, 10_000))
def test_a_note_with_one_changed_letter_does_not_open(text: str, place: int) -> None:
    note = notes.sign(f"{text}\n", key=key, signature=private.sign(f"{text}\n".encode()))
    assert notes.open_note(note, key=key) == f"{text}\n"
    at = place % len(note)
    changed = note[:at] + ("x" if note[at] != "x" else "y") + note[at + 1 :]
    with pytest.raises(NoteError):
        notes.open_note(changed, key=key)


@pytest.mark.parametrize("spelt", ["", "a+b", "acme.example/ledger+00000000+AQ==", "acme+zz+%%", key.spell()[:-2]])
def test_what_is_no_key_is_refused(spelt: str) -> None:
    with pytest.raises(NoteError):
        notes.read_key(spelt)


def test_one_of_several_keys_will_do() -> None:
    other = Key("acme.example/ledger", bytes(32))
    note = notes.sign("words\n", key=key, signature=private.sign(b"words\n"))
    assert notes.open_with_any(note, keys=[other, key]) == "words\n"
    with pytest.raises(NoteError, match="no key of this platform"):
        notes.open_with_any(note, keys=[other])
