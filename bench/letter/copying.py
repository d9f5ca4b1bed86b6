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

from django.db import connections

from bench.letter.sources import Source, keystore_sources, main_sources, name

rows_at_once = 20_000
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


def copy(copies: Sequence[Copy]) -> None:
    """Fill both stores with these."""
    for alias, sources in (("default", main_sources()), ("keystore", keystore_sources())):
        inserts = _prepare(alias, sources, copies)
        dice = random.Random(len(copies))
        rows = (_draw(one, number, dice) for number, one in enumerate(copies))
        while chunk := list(islice(rows, rows_at_once)):
            _run(alias, "BEGIN")
            _load(alias, chunk)
            for statement in (*inserts, f"DELETE FROM {name}", "COMMIT"):
                _run(alias, statement)


def _prepare(alias: str, sources: Sequence[Source], copies: Sequence[Copy]) -> list[str]:
    """Lay what is copied aside; the statements that copy it."""
    _run(alias, f"CREATE TEMPORARY TABLE {name} ({_columns(alias)})")
    _run(alias, f"CREATE TEMPORARY TABLE {name}_original (id {_types(alias)[UUID]})")
    for original in {one.of for one in copies}:
        _run(alias, f"INSERT INTO {name}_original VALUES ('{_spell(original)}')")
    places = [f"{name}_of_{number}" for number in range(len(sources))]
    for source, place in zip(sources, places, strict=True):
        _run(alias, source.lay_aside(place))
    return [source.insert(place) for source, place in zip(sources, places, strict=True)]


def _draw(one: Copy, number: int, dice: random.Random) -> _Ids:
    millisecond = int(one.sent_at.timestamp() * 1000)
    named = {field.name: _uuid7(millisecond, dice) for field in fields(_Ids) if field.type is UUID}
    named |= {
        "original": one.of,
        "sender": one.sender,
        "recipient": one.recipient,
        "key": UUID(int=dice.getrandbits(128)),
    }
    # Real codes hold no "U": these cannot meet one.
    return _Ids(**named, sent_at=one.sent_at, number=first_number + number, code=f"U{number:07d}")


def _uuid7(millisecond: int, dice: random.Random) -> UUID:
    return UUID(int=millisecond << 80 | 7 << 76 | dice.getrandbits(12) << 64 | 2 << 62 | dice.getrandbits(62))


# ── the two databases ─────────────────────────────────────────────────────────


def _columns(alias: str) -> str:
    types = _types(alias)
    return ", ".join(f"{field.name} {types[field.type]}" for field in fields(_Ids))


def _types(alias: str) -> dict[Any, str]:
    if connections[alias].vendor == "sqlite":
        return {UUID: "char(32)", datetime: "datetime", str: "varchar(8)", int: "bigint"}
    return {UUID: "uuid", datetime: "timestamptz", str: "varchar(8)", int: "bigint"}


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
