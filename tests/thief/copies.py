"""Copies of both stores as `letterlock backup` makes them, and the product set to work on such a copy.

A thief has files and all of our code. So the files are opened here as databases of their own, put in the place of the
live stores for a while, and the product is asked to open what is in them.
"""

import copy
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.db.models import Model
from django.test import override_settings

from letterlock.domain.mailbox.models import Message
from letterlock.foundation.vault import backups, copying, platform_keys
from letterlock.foundation.vault.keystore.models import SealedKey, Share
from letterlock.foundation.vault.settings import vault_settings

made_at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_numbers = count(1)


@dataclass(frozen=True)
class Copy:
    """One copy of one store, and the name of the connection to it."""

    store: str
    alias: str

    def rows(self, model: type[Model]) -> list[Model]:
        return list(model._base_manager.using(self.alias).all())

    def values(self) -> list[object]:
        """Every value of every column of every row."""
        return [value for model in models_of(self.store) for row in self.rows(model) for value in _values(row)]

    def instants(self) -> list[datetime]:
        """What tells when somebody did something: the thief's own forged keys aside."""
        return [one for one in self.values() if isinstance(one, datetime) and one != made_at]

    def sizes(self) -> list[int]:
        return list(Message.objects.using(self.alias).values_list("size_bytes", flat=True))


#: The stores themselves, for what needs no thief.
live = (Copy("database", "default"), Copy("keystore", "keystore"))


def models_of(store: str) -> list[type[Model]]:
    return [one for one in apps.get_models() if (one._meta.app_label == "keystore") == (store == "keystore")]


@contextmanager
def stolen(store: str, *, within: Path) -> Iterator[Copy]:
    """A copy of the live store as it is now."""
    number = next(_numbers)
    backup = backups.make(store, within=within, at=made_at + timedelta(seconds=number), accepts_journal=True)
    alias = f"stolen-{store}-{number}"
    with _opened(alias, store, backup.copy):
        yield Copy(store, alias)


@contextmanager
def in_place_of_the_stores(database: Copy, keystore: Copy, *, root: Path) -> Iterator[None]:
    """The product works on these copies and with this root key."""
    live = {name: connections[name] for name in ("default", "keystore")}
    connections["default"], connections["keystore"] = connections[database.alias], connections[keystore.alias]
    try:
        with override_settings(LETTERLOCK_ROOT_KEY=root):
            _forget()
            yield
    finally:
        for name, connection in live.items():
            connections[name] = connection
        _forget()


def empty(one: Copy) -> None:
    """What somebody has who has no copy of this store: its tables, from our code, without a row."""
    connection = connections[one.alias]
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for model in models_of(one.store):
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {connection.ops.quote_name(model._meta.db_table)} DISABLE TRIGGER ALL")
            else:
                _drop_triggers(cursor)
            model._base_manager.using(one.alias).all()._raw_delete(one.alias)


def forge_keys(keystore: Copy, *, platform_ids: set[UUID], root: Path, database: Copy) -> None:
    """Platform keys of the thief's own making, for who lacks the keystore."""
    empty(keystore)
    with in_place_of_the_stores(database, keystore, root=root):
        for platform_id in platform_ids:
            platform_keys.create_platform_key(platform_id, at=made_at)


def raise_the_blank(keystore: Copy) -> None:
    """The row of a destroyed share is marked; whoever holds the file takes the mark away and tries."""
    Share.objects.using(keystore.alias).update(is_blank=False)


def platforms_of(keystore: Copy) -> set[UUID]:
    return set(SealedKey.objects.using(keystore.alias).values_list("platform_id", flat=True))


def _values(row: Model) -> list[object]:
    return [getattr(row, field.attname) for field in row._meta.concrete_fields]


def _forget() -> None:
    vault_settings.cache_clear()
    platform_keys.forget_keys()


def _drop_triggers(cursor: Any) -> None:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP TRIGGER "{name}"')


@contextmanager
def _opened(alias: str, store: str, file: Path) -> Iterator[None]:
    live = connections["default" if store == "database" else store]
    settings = copy.deepcopy(live.settings_dict)
    if live.vendor == "sqlite":
        settings["NAME"] = str(shutil.copyfile(file, file.with_name(f"{alias}.sqlite3")))
    else:
        settings["NAME"] = alias
        with live.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{alias}" TEMPLATE template0')
    connections.databases[alias] = settings
    try:
        if live.vendor == "postgresql":
            _fill(alias, file)
        yield
    finally:
        connections[alias].close()
        del connections[alias], connections.databases[alias]
        if live.vendor == "postgresql":
            with live.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{alias}" WITH (FORCE)')


def _fill(alias: str, file: Path) -> None:
    """pg_restore, as `letterlock restore` calls it."""
    conninfo = copying._conninfo("database")
    target = conninfo.replace(f"dbname={connections['default'].settings_dict['NAME']}", f"dbname={alias}")
    subprocess.run(
        ["pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", f"--dbname={target}", str(file)],
        check=True,
        capture_output=True,
    )
