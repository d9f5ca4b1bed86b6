"""Signed notes and checkpoints of C2SP, with one Ed25519 signature. See docs/formats/ledger-checkpoint.md."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from letterlock.foundation.vault import signing

_ed25519 = b"\x01"
_key_id_bytes = 4
_signature_line = re.compile(r"\A— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})\Z")
_size = re.compile(r"\A(0|[1-9][0-9]{0,18})\Z")
_checkpoint_lines = 3


class NoteError(ValueError):
    """No note of this form, or not signed with the key."""


@dataclass(frozen=True)
class Key:
    """A public key and its name, as `name+id+base64` spells them."""

    name: str
    public: bytes

    def spell(self) -> str:
        return f"{self.name}+{self.key_id().hex()}+{base64.b64encode(_ed25519 + self.public).decode()}"

    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ed25519 + self.public).digest()[:_key_id_bytes]


@dataclass(frozen=True)
class Checkpoint:
    """What a ledger's platform vouches for: the root over its first `size` entries."""

    origin: str
    size: int
    root: bytes

    def spell(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign(text: str, *, key: Key, signature: bytes) -> str:
    """The note: the text, an empty line, and the line of the signature that was made over the text."""
    return f"{text}\n— {key.name} {base64.b64encode(key.key_id() + signature).decode()}\n"


def text_of(note: str) -> str:
    """What the note says, signed or not. Raises NoteError."""
    return _split(note)[0]


def open_note(note: str, *, key: Key) -> str:
    """What the note says. Raises NoteError unless it is signed with this key under its name."""
    text, name, signature = _split(note)
    if name != key.name or signature[:_key_id_bytes] != key.key_id():
        raise NoteError("The note is signed with another key.")
    if not signing.is_signed(text.encode(), signature=signature[_key_id_bytes:], public_key=key.public):
        raise NoteError("The signature does not fit the note.")
    return text


def open_with_any(note: str, *, keys: Iterable[Key]) -> str:
    """What the note says, signed with one of these keys. Raises NoteError."""
    for key in keys:
        try:
            return open_note(note, key=key)
        except NoteError:
            continue
    raise NoteError("It is signed with no key of this platform, or was changed.")


def read_key(spelt: str) -> Key:
    """The key that `Key.spell` wrote. Raises NoteError."""
    try:
        name, key_id, encoded = spelt.strip().split("+", 2)
        public = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise NoteError("This is no key of a ledger.") from None
    key = Key(name, public[1:])
    if public[:1] != _ed25519 or key.key_id().hex() != key_id:
        raise NoteError("This is no key of a ledger.")
    return key


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that the text of a note spells. Raises NoteError."""
    lines = text.split("\n")
    if len(lines) != _checkpoint_lines + 1 or not lines[0] or not _size.match(lines[1]):
        raise NoteError("This is no checkpoint.")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error:
        raise NoteError("This is no checkpoint.") from None
    checkpoint = Checkpoint(lines[0], int(lines[1]), root)
    if checkpoint.spell() != text:
        raise NoteError("This is no checkpoint.")
    return checkpoint


def _split(note: str) -> tuple[str, str, bytes]:
    text, gap, end = note.rpartition("\n\n")
    line = _signature_line.match(end.removesuffix("\n"))
    if not gap or not end.endswith("\n") or line is None:
        raise NoteError("This is no signed note.")
    try:
        return f"{text}\n", line["name"], base64.b64decode(line["signature"], validate=True)
    except binascii.Error:
        raise NoteError("This is no signed note.") from None
