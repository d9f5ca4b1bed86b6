"""The folder of copies: which one is chosen, and which is refused."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from letterlock.foundation.vault import backups, journal
from letterlock.foundation.vault.settings import vault_settings
from tests.foundation.vault.conftest import at


def test_the_newest_copy_that_a_backup_made_is_chosen(stores: None, tmp_path: Path) -> None:
    for minutes, made_by in ((0, "backup"), (1, "backup"), (2, "restore")):
        backups.make("keystore", within=tmp_path, at=at + timedelta(minutes=minutes), made_by=made_by)
    assert backups.choose(tmp_path, store="keystore").made_at == at + timedelta(minutes=1)
    name = (at + timedelta(minutes=2)).strftime(backups.name_shape)
    assert backups.choose(tmp_path, store="keystore", name=name).made_by == "restore"


def test_a_name_that_is_not_there_is_refused(stores: None, tmp_path: Path) -> None:
    backups.make("keystore", within=tmp_path, at=at)
    with pytest.raises(backups.NoBackup):
        backups.choose(tmp_path, store="keystore", name="2020-01-01T000000.000000Z")


def test_a_manifest_reads_back_as_it_was_written(stores: None, tmp_path: Path) -> None:
    made = backups.make("keystore", within=tmp_path, at=at)
    assert backups.found_in(tmp_path, store="keystore") == [made]


def test_a_copy_of_another_kind_of_database_is_refused(stores: None, tmp_path: Path) -> None:
    made = backups.make("keystore", within=tmp_path, at=at)
    with pytest.raises(backups.BackupUnfit):
        backups.demand_fit(replace(made, vendor="another"))


@pytest.mark.parametrize(
    ("there", "here"),
    [('"version": 1', '"version": 2'), ('"file"', '"fail"'), ('"made_at": "2', '"made_at": "x'), ("}", "")],
)
def test_a_manifest_of_another_version_or_shape_is_refused(stores: None, tmp_path: Path, there: str, here: str) -> None:
    manifest = backups.make("keystore", within=tmp_path, at=at).folder / "manifest.json"
    text = manifest.read_text()
    assert there in text
    manifest.write_text(text.replace(there, here))
    with pytest.raises(backups.BackupUnfit):
        backups.found_in(tmp_path, store="keystore")


def test_a_copy_that_was_never_finished_is_not_seen(stores: None, tmp_path: Path) -> None:
    made = backups.make("keystore", within=tmp_path, at=at)
    made.folder.rename(made.folder.with_name(f".{made.folder.name}.partial"))
    assert backups.found_in(tmp_path, store="keystore") == []
    assert backups.begun_at(tmp_path, store="keystore") == []


def test_a_journal_that_has_grown_is_still_the_same(stores: None, tmp_path: Path) -> None:
    path = vault_settings().journal
    path.write_bytes(b"one line\n")
    made = backups.make("keystore", within=tmp_path, at=at)
    assert backups.is_journal_of(made)
    path.write_bytes(b"one line\nand another\n")
    assert backups.is_journal_of(made)
    for other in (b"one lime\nand another\n", b"one", b""):
        path.write_bytes(other)
        assert not backups.is_journal_of(made)
    path.unlink()
    assert not backups.is_journal_of(made)


def test_a_copy_made_after_the_journal_was_lost_demands_the_lost_one(stores: None, tmp_path: Path) -> None:
    path = vault_settings().journal
    path.write_bytes(b"one line\n")
    first = backups.make("keystore", within=tmp_path, at=at)
    path.unlink()
    second = backups.make("keystore", within=tmp_path, at=at + timedelta(minutes=1))
    assert second.journal_sha256 == first.journal_sha256
    assert not path.exists()
    third = backups.make("keystore", within=tmp_path, at=at + timedelta(minutes=2), accepts_journal=True)
    assert (third.journal_bytes, third.journal_sha256) == journal.measure(path)
