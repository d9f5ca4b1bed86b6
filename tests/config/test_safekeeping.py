"""What `letterlock check` says of keys, destruction and backups."""

import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from letterlock.config import inspecting, safekeeping
from letterlock.domain.mailbox import recalling
from letterlock.domain.mailbox.models import Message
from letterlock.domain.platforms import ledgers, restoring
from letterlock.foundation.audit import checkpointing, integrating, recording
from letterlock.foundation.kernel import transactions
from letterlock.foundation.outbox.models import Job
from letterlock.foundation.vault import backups, journal
from letterlock.foundation.vault.models import Wrap
from letterlock.foundation.vault.settings import vault_settings
from tests.cast import People
from tests.domain.mailbox.letters import client, later, send
from tests.foundation.audit.ledgers import StampEvent

now = timezone.now()


def problems() -> str:
    """Everything but what is said of the server that the tests run on."""
    return "\n".join(one for one in safekeeping.problems(at=now) if "'s PostgreSQL has" not in one)


@pytest.fixture
def folder(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A sound installation that knows where its backups are."""
    monkeypatch.setattr(settings, "LETTERLOCK_BACKUPS", str(tmp_path / "backups"))
    vault_settings.cache_clear()
    journal.begin(vault_settings().journal)
    for store in backups.stores:
        backups.make(store, within=tmp_path / "backups", at=now)
    ledgers.place_waiting_entries(at=now)
    yield tmp_path / "backups"
    monkeypatch.undo()
    vault_settings.cache_clear()


def test_a_sound_installation_has_no_problem(folder: Path) -> None:
    assert problems() == ""


def test_a_folder_that_nobody_named_is_a_problem(people: People) -> None:
    assert "LETTERLOCK_BACKUPS is not set" in problems()


def test_a_missing_journal_is_a_problem(folder: Path) -> None:
    vault_settings().journal.unlink()
    assert "There is no destruction journal" in problems()


def test_another_journal_is_a_problem(people: People, folder: Path) -> None:
    recall_one(people)
    backups.make("keystore", within=folder, at=now + timedelta(seconds=1))
    vault_settings().journal.write_bytes(b"")
    assert "is not the one that the backups saw" in problems()


def test_a_journal_of_a_later_program_is_a_problem(people: People, folder: Path) -> None:
    recall_one(people)
    path = vault_settings().journal
    text = b"2" + path.read_bytes().splitlines()[0].rpartition(b"\t")[0][1:]
    path.write_bytes(text + f"\t{zlib.crc32(text):08x}\n".encode())
    assert "a line of version 2" in problems()


@pytest.mark.parametrize(
    ("store", "age", "sentence"),
    [
        ("database", timedelta(hours=27), "The newest copy of the database"),
        ("keystore", timedelta(hours=4), "The newest copy of the keystore"),
        ("keystore", timedelta(hours=7), "older than is promised"),
    ],
)
def test_old_copies_are_a_problem(folder: Path, store: str, age: timedelta, sentence: str) -> None:
    (only,) = (folder / store).iterdir()
    only.rename(only.with_name((now - age).strftime(backups.name_shape)))
    assert sentence in problems()


def test_no_copies_are_a_problem(folder: Path) -> None:
    for one in backups.found_in(folder, store="database"):
        one.folder.rename(folder / "elsewhere")
    assert f"There is no copy of the database in {folder}" in problems()


def test_a_manifest_that_cannot_be_read_is_a_problem(folder: Path) -> None:
    (backups.choose(folder, store="database").folder / "manifest.json").write_text("{}")
    assert "has no manifest that can be read" in problems()


def test_work_that_nobody_does_is_a_problem(folder: Path) -> None:
    due = now - timedelta(minutes=11)
    Job.objects.create(topic="a.b.c", handler="nobody", due_at=due, created_at=due)
    assert "1 jobs wait since" in problems()


def test_keys_that_should_be_gone_are_a_problem(people: People, folder: Path) -> None:
    recall_one(people)
    Message.objects.update(keys_destroyed_at=None)
    assert "keys of 1 recalled and 0 expired messages are not destroyed yet" in problems()


def test_more_nameless_shares_than_crashes_explain_are_a_problem(people: People, folder: Path) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    Wrap.objects.filter(object_id=message.id).delete()
    found = "\n".join(safekeeping.problems(at=later(60 * 24 * 8)))
    assert "3 shares of Acme Legal belong to no message" in found


@pytest.mark.skipif(connections["keystore"].vendor != "postgresql", reason="asks the server")
def test_a_server_that_keeps_what_was_destroyed_is_a_problem(folder: Path) -> None:
    found = "\n".join(safekeeping.problems(at=now))
    assert "The keystore's PostgreSQL has wal_recycle = on. Set it to off: only then destroyed means gone." in found
    assert "The database's PostgreSQL has wal_recycle" not in found
    assert "The database's PostgreSQL has fsync = off." in found


@pytest.mark.skipif(connections["keystore"].vendor != "postgresql", reason="asks the server")
def test_a_server_whose_log_quotes_statements_is_a_problem(folder: Path) -> None:
    found = "\n".join(safekeeping.problems(at=now))
    for store in backups.stores:
        assert f"The {store}'s PostgreSQL has log_error_verbosity = default. Set it to terse" in found
    assert "log_min_error_statement = error. Set it to panic: only then its log names nobody." in found
    assert "log_statement" not in found


def test_a_full_disk_is_a_problem(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safekeeping, "least_free_bytes", 1 << 60)
    assert f"The disk of {folder} has less than 1 GiB left" in problems()


def test_while_a_restore_is_unfinished_the_service_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/restore-unfinished").touch()
    setup = inspecting.survey({}, var=tmp_path)
    assert "restore.unfinished" in {problem.code for problem in inspecting.problems_of(setup)}
    assert "restore.unfinished" not in {problem.code for problem in inspecting.problems_of(setup, preparing=True)}


def recall_one(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later(), client=client)


def acme_file(people: People) -> Path:
    return checkpointing.file_of(people.alice.platform_id)


def test_a_checkpoint_that_is_missing_is_a_problem_until_the_worker_writes_it(people: People, folder: Path) -> None:
    acme_file(people).unlink()
    assert "has no checkpoint at" in problems()
    ledgers.keep_missing_checkpoints(at=now)
    assert problems() == ""


def test_a_checkpoint_that_was_cut_is_a_problem(people: People, folder: Path) -> None:
    file = acme_file(people)
    file.write_bytes(file.read_bytes()[:-9] + b"\xff")
    assert f"The checkpoint {file} is not of the ledger that is in the database" in problems()
    ledgers.keep_missing_checkpoints(at=now)
    assert "was set aside" in problems()


def test_a_checkpoint_of_another_platform_is_a_problem(people: People, folder: Path) -> None:
    acme_file(people).write_text(checkpointing.file_of(people.mallory.platform_id).read_text())
    assert "is not of the ledger that is in the database" in problems()


def old_fact(people: People) -> None:
    with transactions.writing():
        recording.record(StampEvent.STAMPED, platform_id=people.alice.platform_id, at=now - timedelta(hours=1))


def test_a_checkpoint_behind_its_ledger_is_a_problem_until_a_later_run_writes_it(people: People, folder: Path) -> None:
    old_fact(people)
    integrating.integrate(people.alice.platform_id)
    assert "is behind its ledger" in problems()
    ledgers.keep_missing_checkpoints(at=now)
    assert problems() == ""


def test_entries_that_nobody_places_are_a_problem(people: People, folder: Path) -> None:
    old_fact(people)
    assert "Entries of the ledger of acme.localhost have waited" in problems()


def test_a_ledger_that_lost_what_was_vouched_for_is_a_problem_unless_it_was_restored(
    people: People, folder: Path
) -> None:
    note = acme_file(people).read_text()
    size = note.split("\n")[1]
    acme_file(people).write_text(note.replace(f"\n{size}\n", "\n999\n", 1))
    assert "is not of the ledger" in problems()
    restoring.note_restored(digests={}, gives_up_recalls=False, at=timezone.now() + timedelta(seconds=1))
    assert problems() == ""
