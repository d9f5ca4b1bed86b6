"""What many tests begin with is made once a process, and its rows are put back for each: making it anew takes longer.

Nothing else of it outlives a test: its objects are fresh copies, and what the vault remembers of keys is forgotten.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connections

from letterlock.foundation.kernel import transactions
from letterlock.foundation.vault import platform_keys
from tests import emptying

Made = TypeVar("Made")
Rows = dict[tuple[str, str], list[Any]]


@dataclass(frozen=True)
class _Kept:
    upon: Any
    made: Any
    rows: Rows


_kept: dict[str, _Kept] = {}


def once(make: Callable[..., Made], *upon: Any) -> Made:
    """What `make(*upon)` leaves in the stores and returns; from the second time on put back instead of made.

    `upon` was made so as well: the copies speak of the objects of this test, not of those of the first.
    """
    name = make.__qualname__
    if name not in _kept:
        before = _all_rows()
        made = make(*upon)
        _kept[name] = _Kept(*copy.deepcopy((upon, made)), rows=_added(before, _all_rows()))
        return made
    kept = _kept[name]
    platform_keys.forget_keys()
    for alias in ("default", "keystore"):
        _put_back(alias, {table: rows for (place, table), rows in kept.rows.items() if place == alias})
    known = {
        id(old): new
        for then, now in zip(kept.upon, upon, strict=True)
        for old, new in zip(vars(then).values(), vars(now).values(), strict=True)
    }
    return copy.deepcopy(kept.made, known)


def _all_rows() -> Rows:
    return {
        (alias, table): _rows_of(alias, table) for alias in ("default", "keystore") for table in emptying.filled(alias)
    }


def _added(before: Rows, after: Rows) -> Rows:
    return {place: [row for row in rows if row not in before.get(place, ())] for place, rows in after.items()}


def _rows_of(alias: str, table: str) -> list[Any]:
    """The rows as the database spells them, so that no type is lost on the way."""
    driver, quoted = connections[alias].connection, connections[alias].ops.quote_name(table)
    with connections[alias].cursor():  # which connects
        cursor = driver.cursor()
    if connections[alias].vendor == "postgresql":
        with cursor.copy(" ".join(("COPY", quoted, "TO STDOUT"))) as told:
            return b"".join(bytes(piece) for piece in told).splitlines(keepends=True)
    return list(cursor.execute(" ".join(("SELECT * FROM", quoted))).fetchall())


def _put_back(alias: str, rows_of: dict[str, list[Any]]) -> None:
    with transactions.writing(using=alias):
        cursor = connections[alias].connection.cursor()
        for table, rows in rows_of.items():
            quoted = connections[alias].ops.quote_name(table)
            if rows and connections[alias].vendor == "postgresql":
                with cursor.copy(" ".join(("COPY", quoted, "FROM STDIN"))) as told:
                    told.write(b"".join(rows))
            elif rows:
                places = ", ".join("?" * len(rows[0]))
                cursor.executemany(" ".join(("INSERT INTO", quoted, "VALUES (", places, ")")), rows)
