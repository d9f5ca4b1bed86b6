"""Empties both stores between tests: only the tables that were filled, and past the triggers of the ledger.

On SQLite the audit room lifts those. On PostgreSQL lifting and truncating would cost more than most tests, so there the
run's own superuser has no trigger asked for the length of one transaction.
"""

import functools
from contextlib import AbstractContextManager, nullcontext

from django.db import connections

from letterlock.foundation.audit import lifting

kept = {"django_migrations", "django_content_type", "auth_permission"}


def empty_stores() -> None:
    """Forget everything a test committed, on both databases."""
    for alias in ("default", "keystore"):
        _empty(alias)


def filled(alias: str) -> list[str]:
    """The tables that have a row."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_question(alias))
        return [table for (table,) in cursor.fetchall()]


def _empty(alias: str) -> None:
    connection = connections[alias]
    if connection.in_atomic_block:
        raise AssertionError("A test ended inside a transaction.")
    tables = filled(alias)
    if not tables:
        return
    delete = [" ".join(("DELETE FROM", connection.ops.quote_name(table))) for table in tables]
    if connection.vendor == "postgresql":
        _execute(alias, ["; ".join(["BEGIN", "SET LOCAL session_replication_role = replica", *delete, "COMMIT"])])
        return
    with _lifted(alias), connection.constraint_checks_disabled():
        _execute(alias, delete)


def _execute(alias: str, statements: list[str]) -> None:
    with connections[alias].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _lifted(alias: str) -> AbstractContextManager[None]:
    return lifting.lifted() if alias == "default" else nullcontext()


@functools.cache
def _tables(alias: str) -> tuple[str, ...]:
    return tuple(sorted(set(connections[alias].introspection.table_names()) - kept))


@functools.cache
def _question(alias: str) -> str:
    """Which tables have a row, asked at once: most of a short test's time would go into asking for one by one."""
    quote = connections[alias].ops.quote_name
    return " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})"  # noqa: S608 -- a table of our own
        for table in _tables(alias)
    )
