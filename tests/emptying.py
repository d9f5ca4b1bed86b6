"""Empties both stores between tests: only the tables that were filled, triggers lifted by the audit room."""

import functools
from contextlib import AbstractContextManager, nullcontext

from django.db import connections

from letterlock.foundation.audit import lifting

kept = {"django_migrations", "django_content_type", "auth_permission"}


def empty_stores() -> None:
    """Forget everything a test committed, on both databases."""
    for alias in ("default", "keystore"):
        _empty(alias)


def _empty(alias: str) -> None:
    connection = connections[alias]
    if connection.in_atomic_block:
        raise AssertionError("A test ended inside a transaction.")
    filled = [table for table in _tables(alias) if _is_filled(alias, table)]
    if not filled:
        return
    with _lifted(alias), connection.constraint_checks_disabled(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, filled))} CASCADE")
            return
        for table in filled:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 -- a table of our own


def _lifted(alias: str) -> AbstractContextManager[None]:
    return lifting.lifted() if alias == "default" else nullcontext()


@functools.cache
def _tables(alias: str) -> tuple[str, ...]:
    return tuple(sorted(set(connections[alias].introspection.table_names()) - kept))


def _is_filled(alias: str, table: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {connections[alias].ops.quote_name(table)} LIMIT 1")  # noqa: S608 -- as above
        return cursor.fetchone() is not None
