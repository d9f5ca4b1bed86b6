"""The one way past the ledger's triggers.

Two callers may exist: the test runner that empties the tables, and later the
destruction of a whole platform. `test_nobody_lifts_the_triggers` counts them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

tables = ("audit_entry", "audit_leaf", "audit_node")


@contextmanager
def lifted(*, using: str = "default") -> Iterator[None]:
    """While inside, entries and their tree can be changed and removed; afterwards the triggers stand as before.

    Call it inside a transaction wherever entries matter: then no other connection ever sees the ledger unguarded.
    """
    connection = connections[using]
    guards = _lift(connection)
    try:
        yield
    except BaseException:
        if connection.in_atomic_block:
            # Taking them down was part of the transaction: rolled back, they were never down.
            connection.set_rollback(True)
        else:
            _execute(connection, guards)
        raise
    _execute(connection, guards)


def _lift(connection: BaseDatabaseWrapper) -> list[str]:
    """Take the guards down; the statements that put them up again."""
    if connection.vendor == "postgresql":
        _execute(connection, [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables])
        # A table with foreign keys still to be checked at the commit cannot be altered: they are checked before.
        return ["SET CONSTRAINTS ALL IMMEDIATE", *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s, %s)", tables
        )
        triggers = cursor.fetchall()
    _execute(connection, [f'DROP TRIGGER "{name}"' for name, _sql in triggers])
    return [sql for _name, sql in triggers]


def _execute(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
