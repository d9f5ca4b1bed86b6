"""docs/what-a-stolen-copy-shows.md is what the tests hold, and leaves no column out."""

import os
import re
import zlib

import pytest
from django.db import connections

from tests.cast import People
from tests.thief import columns, copies, page, scene
from tests.thief.columns import Shows
from tests.thief.copies import Copy, models_of


@pytest.fixture
def schema(stores: None) -> dict[str, dict[str, list[str]]]:
    """Every column of every table, asked of the databases themselves."""
    return {"database": _tables("default"), "keystore": _tables("keystore")}


def test_every_column_says_what_it_shows(schema: dict[str, dict[str, list[str]]]) -> None:
    assert page.unsaid(schema) == []


def test_a_column_that_nobody_described_is_named(schema: dict[str, dict[str, list[str]]]) -> None:
    schema["database"]["mailbox_message"].append("colour_of_the_ink")
    assert page.unsaid(schema) == [
        "database: mailbox_message.colour_of_the_ink is new. Say in tests/thief/columns.py what it shows in a stolen "
        "copy: plain, sealed, digest, random, public key."
    ]


def test_the_page_is_what_the_tests_hold(schema: dict[str, dict[str, list[str]]]) -> None:
    written = page.compose(schema)
    if os.environ.get("LETTERLOCK_WRITE_PAGES"):
        page.path.write_text(written, encoding="utf-8")
    assert page.path.read_text(encoding="utf-8") == written, (
        "docs/what-a-stolen-copy-shows.md is out of date. Read what has changed in tests/thief, then write it anew: "
        "LETTERLOCK_WRITE_PAGES=1 bin/test --only sqlite -k the_page_is_what"
    )


def test_what_is_called_sealed_is_noise_and_what_is_called_a_digest_is_one(people: People) -> None:
    scene.come_and_go(people)
    scene.take_back(scene.write_letters(people), people)
    looked_at = [
        _demand_shape(one, table, column, kind)
        for one in copies.live
        for table, described in columns.stores[one.store].items()
        for column, (kind, _remark) in described.columns().items()
        if kind in {Shows.SEALED, Shows.DIGEST}
    ]
    assert sum(looked_at) > 50


def _demand_shape(one: Copy, table: str, column: str, kind: Shows) -> int:
    """How many values there were; each must look like what it is said to be."""
    values = [value for value in _values(one, table, column) if value and any(bytes(_raw(value)))]
    raw = [_raw(value) for value in values]
    if kind == Shows.SEALED and raw:
        # Noise cannot be made shorter; the headers of the formats can, a little.
        together = b"".join(raw)
        assert len(zlib.compress(together, 9)) > 0.8 * len(together), f"{table}.{column} is no noise."
    if kind == Shows.DIGEST:
        assert all(_is_digest(value) for value in raw), f"{table}.{column} is no digest."
    return len(values)


def _is_digest(value: bytes) -> bool:
    """SHA-256, one or several; a password's hash, or that there is no password; the tag that names a throttle."""
    return (
        len(value) % 32 == 0
        or value.startswith((b"argon2$argon2id$", b"!"))
        or re.fullmatch(rb"[a-z-]+:[a-z2-7]{16}", value) is not None
    )


def _raw(value: object) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value)


def _values(one: Copy, table: str, column: str) -> list[object]:
    (model,) = [model for model in models_of(one.store) if model._meta.db_table == table]
    return list(model._base_manager.using(one.alias).values_list(column, flat=True))


def _tables(alias: str) -> dict[str, list[str]]:
    connection = connections[alias]
    with connection.cursor() as cursor:
        return {
            table: [column.name for column in connection.introspection.get_table_description(cursor, table)]
            for table in sorted(connection.introspection.table_names(cursor))
        }
