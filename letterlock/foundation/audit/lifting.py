"""The one way past the ledger's triggers.

Two callers may exist: the destruction of a whole platform, and the test
runner that empties the tables. A test counts them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

table = "audit_entry"


@contextmanager
def lifted(*, using: str = "default") -> Iterator[None]:
    """While inside, entries can be changed and removed; afterwards the triggers stand as before.

    Call it inside a transaction wherever entries matter: then no other connection ever sees the ledger unguarded.
    """
    connection = connections[using]
    guards = _lift(connection)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in guards:
                cursor.execute(statement)


def _lift(connection: BaseDatabaseWrapper) -> list[str]:
    """Take the guards down; the statements that put them up again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return [f"ALTER TABLE {table} ENABLE TRIGGER USER"]
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        return [sql for _name, sql in triggers]
