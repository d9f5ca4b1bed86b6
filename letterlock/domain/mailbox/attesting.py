"""Checking an exported slip offline: what it proves, what it only says, and what nobody could show.

Asks no database. `clients/verify` does the same without any of our code; both follow docs/formats/exported-slip.md.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from letterlock.domain.mailbox import exporting, preparing
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Role
from letterlock.foundation.audit import encoding, notes, trees
from letterlock.foundation.audit.encoding import Leaf
from letterlock.foundation.audit.notes import Checkpoint, Key, NoteError

longest_file = 64 << 20


class SlipError(Exception):
    """The file does not prove what it claims; the text is a sentence."""


@dataclass(frozen=True, kw_only=True)
class Attested:
    """Sentences, sorted by what stands behind them: the tree's mathematics, the platform's signature, or nothing."""

    proved: list[str]
    said: list[str]
    unproved: list[str]


@dataclass(frozen=True, kw_only=True)
class _Entry:
    index: int | None
    leaf: Leaf
    hash: bytes
    shown: Mapping[str, str]


def attest(text: str, *, expected_key: str = "") -> Attested:
    """What the file shows. `expected_key` is the key that the platform told by another way. Raises SlipError."""
    try:
        return _attest(json.loads(text), expected_key=expected_key.strip())
    except NoteError as bad:
        raise SlipError(f"A signature in this file does not hold: {bad}") from None
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        raise SlipError("This is no exported Delivery Slip, or it was cut or changed.") from None


def _attest(slip: Mapping[str, Any], *, expected_key: str) -> Attested:
    _demand(slip["format"] == exporting.format_name, "This is no exported Delivery Slip of a version known here.")
    key = notes.read_key(slip["key"])
    _demand(expected_key in {"", key.spell()}, "The file is signed with another key than the one expected.")
    checkpoint = notes.read_checkpoint(notes.open_note(slip["checkpoint"], key=key))
    _demand(checkpoint.origin == key.name, "The checkpoint is of another ledger.")
    statement = _read_statement(notes.open_note(slip["statement"], key=key))
    _demand(statement["ledger_size"] == checkpoint.size, "Statement and checkpoint are of different moments.")
    entries = [_read_entry(one, checkpoint=checkpoint) for one in slip["entries"]]
    _demand_same_message(entries, statement)
    _demand_receipt(entries, statement)
    return Attested(
        proved=list(_proved(entries, statement, checkpoint=checkpoint, key=key)),
        said=list(_said(entries, statement)),
        unproved=list(_unproved(entries, key=key, is_expected=bool(expected_key))),
    )


def _read_statement(text: str) -> dict[str, Any]:
    head, _gap, body = text.partition("\n")
    _demand(head == exporting.format_name, "What is signed as the statement is none.")
    statement: dict[str, Any] = json.loads(body)
    return statement


def _read_entry(one: Mapping[str, Any], *, checkpoint: Checkpoint) -> _Entry:
    content = _bytes(one["leaf"])
    leaf, digest, index = encoding.decode(content), trees.leaf_hash(content), one["index"]
    proof = [_bytes(piece) for piece in one["proof"]]
    if index is not None:
        # What is shown must be what was proved: `int` would take 4.75 and "4" for 4, and the file's own spelling stands
        # in the sentence.
        _demand(type(index) is int, "The place of an entry is no number.")
        is_in = trees.includes(digest, index=index, size=checkpoint.size, proof=proof, root=checkpoint.root)
        _demand(is_in, f"Entry {index} is not in the tree of the checkpoint.")
    for it in one["openings"]:
        opens = encoding.opens(leaf, kind=it["kind"], salt=_bytes(it["salt"]), value=it["value"])
        _demand(opens, f"The {it['kind']} shown for entry {index} is not what was recorded.")
    return _Entry(index=index, leaf=leaf, hash=digest, shown={it["kind"]: it["value"] for it in one["openings"]})


def _demand_same_message(entries: Sequence[_Entry], statement: Mapping[str, Any]) -> None:
    ours = (UUID(statement["platform"]["id"]), UUID(statement["message"]["id"]))
    about = {(entry.leaf.platform_id, entry.leaf.subject_id) for entry in entries}
    _demand(about <= {ours}, "An entry is about another message.")
    hashes = [entry.hash.hex() for entry in entries]
    _demand(hashes == statement["entries"], "The entries are not those that the statement counts.")


def _demand_receipt(entries: Sequence[_Entry], statement: Mapping[str, Any]) -> None:
    receipt = statement["receipt"]
    if receipt is None:
        return
    tracked = [one["id"] for one in statement["people"] if one["role"] != Role.FROM and statement["tracking"]]
    _demand(sorted(one["id"] for one in receipt["people"]) == sorted(tracked), "The receipt leaves somebody out.")
    for person in receipt["people"]:
        times = _openings_of(person["id"], entries)
        first = _instant(min(times)) if times else None
        agrees = (person["opened_at"], person["times"]) == (first, len(times))
        _demand(agrees, "The receipt says otherwise than the entries.")


def _openings_of(person_id: str, entries: Sequence[_Entry]) -> list[datetime]:
    retrieved = [entry.leaf for entry in entries if entry.leaf.event == MailboxEvent.MESSAGE_RETRIEVED]
    return [leaf.at for leaf in retrieved if leaf.object_id == UUID(person_id)]


def _proved(
    entries: Sequence[_Entry], statement: Mapping[str, Any], *, checkpoint: Checkpoint, key: Key
) -> Iterator[str]:
    placed = [entry for entry in entries if entry.index is not None]
    yield (
        f"Whoever holds the key {key.spell()} vouched for a ledger of {checkpoint.size} entries, and these "
        f"{len(placed)} entries about message {statement['message']['code']} stand in it, unchanged:"
    )
    names = {person["id"]: f"{person['name']} <{person['address']}>" for person in statement["people"]}
    yield from (_line(entry, names) for entry in placed)
    yield "The programs and ids shown with them are the ones recorded then."
    if (count := _people_recorded(entries, statement)) is not None:
        yield f"The {count} participations listed as there since the sending are those recorded, roles included."


def _line(entry: _Entry, names: Mapping[str, str]) -> str:
    who = names.get(str(entry.leaf.object_id), "")
    client = f" · {entry.shown['client']}" if entry.shown.get("client") else ""
    return f"  {entry.index:>8}  {entry.leaf.at:%Y-%m-%d %H:%M:%S.%f} UTC  {entry.leaf.event}  {who}{client}".rstrip()


def _people_recorded(entries: Sequence[_Entry], statement: Mapping[str, Any]) -> int | None:
    """How many people the entry of the sending commits to, when they are those in the statement."""
    first = [one for one in statement["people"] if one["since_sending"]]
    digest = preparing.digest_of_lines(f"{one['id']} {one['role']} {one['account']}" for one in first)
    sent = [entry.leaf for entry in entries if entry.leaf.event == MailboxEvent.MESSAGE_SENT]
    return len(first) if first and any(leaf.digests.get("people") == digest for leaf in sent) else None


def _said(entries: Sequence[_Entry], statement: Mapping[str, Any]) -> Iterator[str]:
    waiting = sum(entry.index is None for entry in entries)
    yield "These names and addresses belong to the participations and accounts of that message:"
    yield from (f"  {one['role']:<5} {one['name']} <{one['address']}>" for one in statement["people"])
    if waiting:
        yield f"{waiting} more entries were recorded and had no place yet; a file made a few seconds later proves them."
    yield (
        f"Up to entry {statement['ledger_size'] - 1} nothing else of these kinds was recorded about the message: "
        f"{', '.join(statement['events'])}."
    )
    if not statement["tracking"]:
        yield "Tracking was disabled: the file does not say who opened the message, whatever was recorded."
    yield from _receipt_lines(statement)


def _receipt_lines(statement: Mapping[str, Any]) -> Iterator[str]:
    receipt = statement["receipt"]
    if receipt is None:
        return
    yield f"The message was {receipt['why']} at {receipt['at']}."
    if receipt["keys_destroyed_at"]:
        destroyed, gone = receipt["keys_destroyed_at"], receipt["snapshots_gone_at"]
        yield f"The recipients' keys were destroyed at {destroyed}, and are gone from the last snapshot by {gone}."
    else:
        yield "The recipients' keys are being destroyed."
    if receipt["why"] == "recalled":
        yield "Whether the sender kept a copy is not said."
    names = {person["id"]: f"{person['name']} <{person['address']}>" for person in statement["people"]}
    for person in receipt["people"]:
        if person["opened_at"] is None:
            yield f"{names[person['id']]}: never opened."
        else:
            yield f"{names[person['id']]}: opened first at {person['opened_at']}, {person['times']} times in all."


def _unproved(entries: Sequence[_Entry], *, key: Key, is_expected: bool) -> Iterator[str]:
    if not is_expected:
        host = key.name.partition("/")[0]
        yield f"That the key is that of {host}: ask for its key by another way, and compare."
    yield (
        "Absence. A tree proves what is in it. “Never opened” is the platform's word over its signature: an entry that "
        "shows otherwise, proved in a ledger it vouched for, would convict it."
    )
    yield "That everybody is shown the same ledger: compare this checkpoint with one that somebody else has."
    yield "The times: they are those of the platform's clock, in an order that the tree fixes."
    yield "That keys are gone: that it was recorded is proved, the deed itself leaves no trace."
    yield "Who sat before the screen, what was copied or photographed, and what the message said."
    if not any(entry.leaf.event == MailboxEvent.MESSAGE_SENT for entry in entries):
        yield "The sending itself: its entry is not in this file."


def _demand(holds: bool, sentence: str) -> None:
    if not holds:
        raise SlipError(sentence)


def _bytes(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ValueError("No base64.") from None


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
