"""Copies letters a hundred thousand times, by SQL alone: rows of the right number, width and order, for large tables.

Every table a letter has rows in gets as many for each copy: the message, two places in mailboxes, a sealed part, two
wraps and their shares in the keystore, and a ledger entry with its openings, its place in the tree and one node. Ids
are UUIDv7 of the copy's own time, so that indexes grow as they do in years of use. What is sealed is copied as it is:
under another id it opens for nobody, and the ledger's tree of such a store is not one that verifies.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections

rows_at_once = 20_000
name = "bench_copy"
#: Places in the ledger's tree that the letters written during the run will not reach.
first_number = 1 << 40


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One letter more: which it is a copy of, between whom, and when it was sent."""

    of: UUID
    sender: UUID
    recipient: UUID
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class _Ids:
    """The columns of the working table: a copy's own ids, drawn here so that both stores agree."""

    original: UUID
    sender: UUID
    recipient: UUID
    sent_at: datetime
    code: str
    number: int
    message: UUID
    sending_place: UUID
    receiving_place: UUID
    part: UUID
    sending_wrap: UUID
    receiving_wrap: UUID
    sending_share: UUID
    receiving_share: UUID
    entry: UUID
    first_opening: UUID
    second_opening: UUID
    key: UUID


def copy(copies: Sequence[Copy], *, platform_id: UUID) -> None:
    """Fill both stores with these."""
    for alias, statements in (("default", _main(platform_id)), ("keystore", _keystore())):
        _run(alias, f"CREATE TEMPORARY TABLE {name} ({_columns(alias)})")
        dice = random.Random(len(copies))  # the same ids for both stores
        rows = (_draw(one, number, dice) for number, one in enumerate(copies, start=first_number))
        while chunk := list(islice(rows, rows_at_once)):
            _run(alias, "BEGIN")
            _load(alias, chunk)
            for statement in (*statements, f"DELETE FROM {name}", "COMMIT"):
                _run(alias, statement)


def _draw(one: Copy, number: int, dice: random.Random) -> _Ids:
    millisecond = int(one.sent_at.timestamp() * 1000)
    named = {field.name: _uuid7(millisecond, dice) for field in fields(_Ids) if field.type is UUID}
    named |= {"original": one.of, "sender": one.sender, "recipient": one.recipient, "key": UUID(int=dice.getrandbits(128))}
    # Real codes hold no "U": these cannot meet one.
    return _Ids(**named, sent_at=one.sent_at, number=number, code=f"U{number - first_number:07d}")


def _uuid7(millisecond: int, dice: random.Random) -> UUID:
    return UUID(int=millisecond << 80 | 7 << 76 | dice.getrandbits(12) << 64 | 2 << 62 | dice.getrandbits(62))


# ── statements ────────────────────────────────────────────────────────────────


def _main(platform_id: UUID) -> list[str]:
    place = {"message_id": "c.message", "sorted_at": "c.sent_at", "is_unread": _false(), "retrieved_at": "c.sent_at"}
    sent = place | {"id": "c.sending_place", "account_id": "c.sender"}
    got = place | {"id": "c.receiving_place", "account_id": "c.recipient"}
    wrap = {"object_id": "c.message", "created_at": "c.sent_at"}
    given = wrap | {"id": "c.receiving_wrap", "holder_id": "c.recipient", "share_id": "c.receiving_share"}
    own = wrap | {"id": "c.sending_wrap", "holder_id": "c.sender", "share_id": "c.sending_share"}
    message = {"id": "c.message", "code": "c.code", "sender_id": "c.sender", "idempotency_key": "c.key"}
    entry = {"id": "c.entry", "at": "c.sent_at", "subject_id": "c.message", "object_id": "c.sending_place"}
    opening = {"entry_id": "c.entry", "kind": "'actor'"}
    entered = "t.subject_id = c.original AND t.event = 'mailbox.message.sent'"
    opened = f"t.id = (SELECT o.id FROM audit_opening o JOIN audit_entry t ON t.id = o.entry_id WHERE {entered} LIMIT 1)"
    a_leaf = "t.entry_id = (SELECT e.entry_id FROM audit_leaf e LIMIT 1)"
    a_node = "t.id = (SELECT e.id FROM audit_node e LIMIT 1)"
    return [
        _insert("mailbox", "Message", message | {"sent_at": "c.sent_at"}, "t.id = c.original"),
        _insert("mailbox", "Participation", sent, "t.message_id = c.original AND t.role = 'from'"),
        _insert("mailbox", "Participation", got, "t.message_id = c.original AND t.role = 'to'"),
        _insert("mailbox", "Part", {"id": "c.part", "owner_id": "c.message", "reference": "c.message"}, "t.owner_kind = 'message' AND t.owner_id = c.original"),
        _insert("vault", "Wrap", own, "t.object_id = c.original AND t.object_kind = 'message' AND t.basis = 'authored'"),
        _insert("vault", "Wrap", given, "t.object_id = c.original AND t.object_kind = 'message' AND t.basis = 'received'"),
        _insert("audit", "Entry", entry, entered),
        _insert("audit", "Opening", opening | {"id": "c.first_opening"}, opened),
        _insert("audit", "Opening", opening | {"id": "c.second_opening", "kind": "'client'"}, opened),
        _insert("audit", "Leaf", {"entry_id": "c.entry", "index": "c.number"}, a_leaf),
        _insert("audit", "Node", {"level": "40", "index": "c.number"}, a_node, without=("id",)),
    ]


def _keystore() -> list[str]:
    share = {"object_id": "c.message", "created_at": "c.sent_at"}
    own = share | {"id": "c.sending_share", "holder_id": "c.sender"}
    given = share | {"id": "c.receiving_share", "holder_id": "c.recipient"}
    one = "t.id = (SELECT s.id FROM keystore_share s WHERE s.object_kind = 'message' AND s.object_id = c.original LIMIT 1)"
    return [_insert("keystore", "Share", own, one), _insert("keystore", "Share", given, one)]


def _insert(app: str, model: str, changed: dict[str, str], which: str, *, without: Sequence[str] = ()) -> str:
    """All columns of the row it is a copy of, but for those that are the copy's own."""
    table = apps.get_model(app, model)._meta
    names = [field.column for field in table.concrete_fields if field.column not in without]
    quoted = ", ".join(f'"{one}"' for one in names)
    values = ", ".join(changed.get(one, f't."{one}"') for one in names)
    return f"INSERT INTO {table.db_table} ({quoted}) SELECT {values} FROM {name} c JOIN {table.db_table} t ON {which}"


def _false() -> str:
    return "0" if connections["default"].vendor == "sqlite" else "false"


# ── the two databases ─────────────────────────────────────────────────────────


def _columns(alias: str) -> str:
    types: dict[Any, str] = {UUID: "uuid", datetime: "timestamptz", str: "varchar(8)", int: "bigint"}
    if connections[alias].vendor == "sqlite":
        types = {UUID: "char(32)", datetime: "datetime", str: "varchar(8)", int: "bigint"}
    return ", ".join(f"{field.name} {types[field.type]}" for field in fields(_Ids))


def _load(alias: str, chunk: Iterable[_Ids]) -> None:
    connection = connections[alias]
    rows = _plain(chunk, sqlite=connection.vendor == "sqlite")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join("?" for _ in fields(_Ids))
            connection.connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
            return
        with cursor.copy(f"COPY {name} FROM STDIN") as copying:
            for row in rows:
                copying.write_row(row)


def _plain(chunk: Iterable[_Ids], *, sqlite: bool) -> Iterator[list[Any]]:
    for one in chunk:
        values = [getattr(one, field.name) for field in fields(_Ids)]
        yield [_spell(value) for value in values] if sqlite else values


def _spell(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    return value.replace(tzinfo=None).isoformat(" ") if isinstance(value, datetime) else value


def _run(alias: str, statement: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)

