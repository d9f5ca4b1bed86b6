"""Copying the stores while they are in use. See docs/formats/backup.md."""

import json
import stat
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from letterlock.domain.mailbox import recalling
from letterlock.foundation.outbox import working
from letterlock.foundation.vault import backups, copying
from letterlock.foundation.vault.keystore.models import SealedKey, Share
from letterlock.foundation.vault.settings import vault_settings
from tests.cast import People
from tests.domain.mailbox.letters import client, later, send, words

on_sqlite = pytest.mark.skipif(
    not settings.DATABASES["keystore"]["ENGINE"].endswith("sqlite3"), reason="looks into SQLite's files"
)


def backup(folder: Path, *more: str) -> str:
    out = StringIO()
    call_command("backup", str(folder), *more, stdout=out, stderr=out)
    return out.getvalue()


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_both_stores_are_copied_and_described(people: People, tmp_path: Path) -> None:
    said = backup(tmp_path)
    for store in backups.stores:
        made = backups.choose(tmp_path, store=store)
        assert str(made.copy) in said
        backups.demand_fit(made)
        members = json.loads((made.folder / "manifest.json").read_text())
        assert (members["format"], members["version"], members["store"]) == ("letterlock-backup", 1, store)
        assert made.folder.name == made.made_at.strftime(backups.name_shape)


def test_a_backup_of_one_store_leaves_the_other_alone(people: People, tmp_path: Path) -> None:
    backup(tmp_path, "--only", "keystore")
    assert [one.name for one in tmp_path.iterdir()] == ["keystore"]


def test_the_root_key_and_the_words_of_letters_are_in_no_backup(people: People, tmp_path: Path) -> None:
    send(people.alice, to=[people.bob])
    backup(tmp_path)
    copied, key = everything_in(tmp_path), vault_settings().root_key.read_bytes()
    assert key not in copied
    assert key.hex().encode() not in copied
    assert words.encode() not in copied


def test_nobody_else_on_the_machine_can_read_a_backup(people: People, tmp_path: Path) -> None:
    backup(tmp_path / "new")
    for path in (tmp_path / "new").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@on_sqlite
def test_a_share_destroyed_before_is_not_in_the_snapshot(people: People, tmp_path: Path) -> None:
    message = send(people.alice, to=[people.bob])
    alices, bobs = (bytes(Share.objects.get(holder_id=one.id).sealed) for one in (people.alice, people.bob))
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later(), client=client)
    backup(tmp_path)
    assert bobs not in everything_in(tmp_path)
    assert alices in everything_in(tmp_path)


@pytest.mark.parametrize("place", ["root_key", "journal"])
def test_a_folder_with_the_root_key_or_the_journal_is_refused(people: People, place: str) -> None:
    beside = getattr(vault_settings(), place).parent
    for folder in (beside, beside / "backups", beside.parent):
        with pytest.raises(CommandError, match="no place for backups"):
            backup(folder)
    assert not (beside / "backups").exists()


@on_sqlite
def test_a_folder_beside_a_store_is_refused(people: People) -> None:
    with pytest.raises(CommandError, match="the keystore lies there"):
        backup(copying.path_of("keystore").parent / "backups")


def test_a_failed_copy_leaves_nothing_behind(people: People, tmp_path: Path) -> None:
    at = datetime(2026, 11, 24, 17, 10, 4, tzinfo=UTC)
    backups.make("keystore", within=tmp_path, at=at)
    (tmp_path / "keystore" / ".2026-11-24T171004.000000Z.partial").mkdir()
    with pytest.raises(FileExistsError):
        backups.make("keystore", within=tmp_path, at=at)
    assert len(backups.found_in(tmp_path, store="keystore")) == 1


# ── snapshots of the keystore end ─────────────────────────────────────────────


def test_snapshots_end_before_six_hours_and_copies_of_the_database_stay(people: People, tmp_path: Path) -> None:
    now = timezone.now()
    for minutes in (361, 349, 10):
        for store in backups.stores:
            backups.make(store, within=tmp_path, at=now - timedelta(minutes=minutes))
    (tmp_path / "keystore" / f".{(now - timedelta(days=1)).strftime(backups.name_shape)}.partial").mkdir()
    assert backups.prune_snapshots(tmp_path, at=now) == 2
    assert len(backups.found_in(tmp_path, store="keystore")) == 2
    assert len(list((tmp_path / "keystore").iterdir())) == 2
    assert len(backups.found_in(tmp_path, store="database")) == 3


def test_the_worker_removes_snapshots_without_being_asked(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LETTERLOCK_BACKUPS", str(tmp_path))
    vault_settings.cache_clear()
    try:
        now = timezone.now()
        backups.make("keystore", within=tmp_path, at=now - timedelta(hours=6))
        working.plan_chores(at=now)
        working.run_due_jobs(at=now)
        assert backups.found_in(tmp_path, store="keystore") == []
    finally:
        monkeypatch.undo()
        vault_settings.cache_clear()


def test_the_last_snapshot_of_a_keystore_that_lost_its_keys_is_kept(people: People, tmp_path: Path) -> None:
    now = timezone.now()
    backups.make("keystore", within=tmp_path, at=now - timedelta(hours=7))
    SealedKey.objects.all().delete()
    assert backups.prune_snapshots(tmp_path, at=now) == 0
