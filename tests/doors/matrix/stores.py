"""What both databases hold, so that two moments can be compared."""

import functools
from hashlib import sha256

from django.db import connections

#: "Last seen" tells when somebody was here last; that a request of theirs moves it is no change of anything else.
overlooked = "last_seen_at"
skipped = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}

Contents = dict[str, str]


def contents() -> Contents:
    """A digest of every table of both databases."""
    return {f"{alias}.{table}": _digest(alias, table, columns) for alias, table, columns in _tables()}


def changed(before: Contents, after: Contents) -> set[str]:
    """The tables that differ."""
    return {table for table in before if before[table] != after[table]}


def _digest(alias: str, table: str, columns: tuple[str, ...]) -> str:
    connection = connections[alias]
    connection.ensure_connection()
    # By the driver's own cursor: Django's would take longer over thousands of these than the requests they judge.
    cursor = connection.connection.cursor()
    quote = connection.ops.quote_name
    cursor.execute(" ".join(("SELECT", ", ".join(map(quote, columns)), "FROM", quote(table))))
    rows = sorted(repr(row) for row in cursor.fetchall())
    cursor.close()
    return sha256("\n".join(rows).encode()).hexdigest()


@functools.cache
def _tables() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    found = []
    for alias in ("default", "keystore"):
        introspection = connections[alias].introspection
        with connections[alias].cursor() as cursor:
            for table in sorted(set(introspection.table_names(cursor)) - skipped):
                columns = [column.name for column in introspection.get_table_description(cursor, table)]
                found.append((alias, table, tuple(name for name in columns if name != overlooked)))
    return tuple(found)
