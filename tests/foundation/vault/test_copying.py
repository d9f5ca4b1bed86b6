"""Copies of whole stores, and what is said when one cannot be made or put back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from letterlock.foundation.vault import copying

on_sqlite = connections["keystore"].vendor == "sqlite"
on_postgresql = pytest.mark.skipif(on_sqlite, reason="about PostgreSQL")


@contextmanager
def somebody_else(store: str) -> Iterator[None]:
    """Another program with the store open, as the service has it."""
    if on_sqlite:
        with closing(sqlite3.connect(copying.path_of(store))) as other:
            other.execute("SELECT count(*) FROM django_migrations").fetchone()
            yield
    else:
        with closing(psycopg.connect(copying._conninfo(store))):
            yield


@pytest.mark.parametrize("store", ["database", "keystore"])
def test_a_store_that_somebody_has_open_is_not_ours_alone(
    stores: None, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "leaving_patience", timedelta(seconds=0.2))
    with somebody_else(store), pytest.raises(copying.StillInUse):
        copying.demand_alone(store)
    monkeypatch.undo()
    copying.demand_alone(store)


def test_a_copy_is_never_written_over(stores: None, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("an earlier one")
    with pytest.raises(FileExistsError):
        copying.copy_out("keystore", to=tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "an earlier one"


@pytest.mark.skipif(not on_sqlite, reason="about SQLite")
def test_a_damaged_store_is_not_copied(stores: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "damaged.sqlite3"
    damaged.write_bytes(b"no database at all" * 500)
    connections["keystore"].close()
    monkeypatch.setitem(connections["keystore"].settings_dict, "NAME", str(damaged))
    with pytest.raises(copying.CopyFailed, match=r"vault\.copy_failed") as refused:
        copying.copy_out("keystore", to=tmp_path / "copy")
    assert "file is not a database" in refused.value.explain()
    connections["keystore"].close()


@on_postgresql
def test_a_missing_client_is_named(stores: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(copying.CopyFailed) as refused:
        copying.copy_out("keystore", to=tmp_path / "copy")
    assert "pg_dump is missing; install the package postgresql-client." in refused.value.explain()


@on_postgresql
def test_a_copy_that_does_not_go_back_says_why(stores: None, tmp_path: Path) -> None:
    copying.copy_out("keystore", to=tmp_path / "copy")
    (tmp_path / "torn").write_bytes((tmp_path / "copy").read_bytes()[:300])
    with pytest.raises(copying.PuttingBackFailed) as refused:
        copying.put_back("keystore", copy=tmp_path / "torn")
    assert "pg_restore: error" in refused.value.explain()
    copying.put_back("keystore", copy=tmp_path / "copy")


@on_postgresql
def test_no_password_is_in_a_command_line(stores: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections["keystore"].settings_dict, "PASSWORD", "a secret of the keystore")
    assert "secret" not in copying._conninfo("keystore")
