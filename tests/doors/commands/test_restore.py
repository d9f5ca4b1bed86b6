"""Bringing stores back: nothing that was taken back may come back with them. See docs/formats/backup.md."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from letterlock.domain.accounts.models import Account, Session
from letterlock.domain.mailbox import correcting, expiring, heading, moving, reading, recalling, tracking
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Folder, Message, Participation, Recall
from letterlock.domain.platforms import restoring as ledgers
from letterlock.domain.platforms.events import PlatformEvent
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.kernel.refusals import NotFound
from letterlock.foundation.outbox import working
from letterlock.foundation.vault import backups, copying, journal, replaying, restoring
from letterlock.foundation.vault.keystore.models import Reason, Share, Tombstone
from letterlock.foundation.vault.settings import vault_settings
from tests.cast import People, visit
from tests.domain.mailbox.letters import client, later, send, words

on_sqlite = pytest.mark.skipif(
    not settings.DATABASES["keystore"]["ENGINE"].endswith("sqlite3"), reason="looks into SQLite's files"
)


def backup(folder: Path, *more: str) -> str:
    out = StringIO()
    call_command("backup", str(folder), *more, stdout=out, stderr=out)
    return out.getvalue()


def restore(folder: Path, *more: str) -> str:
    out = StringIO()
    call_command("restore", str(folder), *more, stdout=out, stderr=out)
    return out.getvalue()


def recall(message: Message, *, own_copy: bool = False) -> None:
    recalling.recall_message(
        message, reason="Wrong file.", destroy_own_copy=own_copy, by=message.sender, at=later(5), client=client
    )


def opens(message: Message, by: Account) -> bool:
    current = Message.objects.get(id=message.id)
    try:
        return words in reading.retrieve(current, by=by, at=later(60), client=client).html
    except (reading.Recalled, reading.KeyMissing, NotFound):
        return False


def alive(message: Message) -> set[UUID]:
    return set(Share.objects.alive().filter(object_id=message.id).values_list("holder_id", flat=True))


def test_a_backup_brings_back_what_was_lost(people: People, tmp_path: Path) -> None:
    message = send(people.alice, to=[people.bob])
    backup(tmp_path)
    Share.objects.filter(object_id=message.id).delete()
    Participation.objects.filter(message=message).delete()
    restore(tmp_path)
    assert opens(message, people.bob)
    assert opens(message, people.alice)


@pytest.mark.parametrize(
    "only",
    [("--only", "database"), ("--only", "keystore"), ()],
    ids=["the database is old and the keystore live", "the keystore is old and the database live", "both are old"],
)
def test_a_recalled_message_is_still_recalled_after_yesterdays_backup_is_brought_back(
    people: People, tmp_path: Path, only: tuple[str, ...]
) -> None:
    message, other = send(people.alice, to=[people.bob, people.carol]), send(people.alice, to=[people.bob])
    backup(tmp_path)
    recall(message)
    restore(tmp_path, *only)
    assert [opens(message, by) for by in (people.bob, people.carol, people.alice)] == [False, False, True]
    assert alive(message) == {people.alice.id}
    assert opens(other, people.bob)
    current = Message.objects.get(id=message.id)
    assert current.recall.recalled_at == later(5)
    assert current.recall.recalled_by == people.alice
    assert current.keys_destroyed_at is not None
    assert heading.head_of(current, viewer=people.bob, at=later(60)).notice is not None


def test_a_recall_that_the_journal_knows_alone_shows_the_default_sentence_and_has_its_own_entry(
    people: People, tmp_path: Path
) -> None:
    message = send(people.alice, to=[people.bob])
    backup(tmp_path)
    recall(message)
    restore(tmp_path)
    recalled = Recall.objects.get(message=message)
    assert heading.reason_of(recalled, platform_id=message.platform_id) == str(heading.default_reason)
    assert recalled.entry_id is not None
    entry = Entry.objects.get(id=recalled.entry_id)
    assert (entry.event, entry.subject_id) == (MailboxEvent.MESSAGE_RECALLED, message.id)
    assert not recalled.destroys_own_copy
    history = tracking.history_of(Message.objects.get(id=message.id), viewer=people.alice)
    assert [one.client for one in history if one.event == MailboxEvent.MESSAGE_RECALLED] == ["letterlock restore"]


@pytest.mark.parametrize("only", [("--only", "database"), ("--only", "keystore"), ()])
def test_the_senders_own_copy_stays_destroyed_too(people: People, tmp_path: Path, only: tuple[str, ...]) -> None:
    message = send(people.alice, to=[people.bob])
    backup(tmp_path)
    recall(message, own_copy=True)
    restore(tmp_path, *only)
    assert Recall.objects.get(message=message).destroys_own_copy
    assert not alive(message)
    assert not opens(message, people.alice)


@pytest.mark.parametrize("only", [("--only", "database"), ("--only", "keystore"), ()])
def test_what_was_deleted_removed_or_expired_does_not_come_back(
    people: People, tmp_path: Path, only: tuple[str, ...]
) -> None:
    deleted, removed = send(people.alice, to=[people.bob]), send(people.alice, to=[people.bob, people.carol])
    expired = send(people.alice, to=[people.bob], expires_at=later(10))
    backup(tmp_path)
    moving.move(deleted, to=Folder.TRASH, by=people.bob, at=later(1))
    moving.purge(deleted, by=people.bob, at=later(2))
    wrong = removed.participations.get(account=people.carol)
    correcting.correct_address(wrong, address=people.dora.address, by=people.alice, at=later(2))
    expiring.expire_due(at=later(11))
    restore(tmp_path, *only)
    assert not opens(deleted, people.bob)
    assert opens(deleted, people.alice)
    assert deleted.participations.get(account=people.bob).purged_at is not None
    assert not opens(removed, people.carol)
    assert opens(removed, people.bob)
    assert removed.participations.get(account=people.carol).removed_at is not None
    assert not alive(expired)


def test_tombstones_of_a_live_keystore_do_for_a_journal_that_was_torn(people: People, tmp_path: Path) -> None:
    message = send(people.alice, to=[people.bob])
    backup(tmp_path)
    recall(message)
    vault_settings().journal.write_bytes(b"")
    assert not Recall.objects.filter(message__sender=people.bob).exists()
    restore(tmp_path)
    assert not opens(message, people.bob)
    assert [one.reason for one in journal.read(vault_settings().journal)] == [Reason.RECALLED]


def test_tombstones_come_back_with_their_old_reason_entry_and_time(people: People, tmp_path: Path) -> None:
    message = send(people.alice, to=[people.bob])
    backup(tmp_path)
    recall(message)
    before = list(Tombstone.objects.order_by("share_id").values())
    restore(tmp_path, "--only", "keystore")
    assert list(Tombstone.objects.order_by("share_id").values()) == before


def test_a_restore_done_again_changes_nothing_more(people: People, tmp_path: Path) -> None:
    message = send(people.alice, to=[people.bob])
    backup(tmp_path)
    recall(message)
    restore(tmp_path)
    assert "recalled again: 1" in restore(tmp_path)
    assert len(replaying.taken_messages(Reason.RECALLED)) == 1
    assert not opens(message, people.bob)


# ── the journal ───────────────────────────────────────────────────────────────


def test_without_the_journal_a_restore_stops_and_changes_nothing(people: People, tmp_path: Path) -> None:
    message = send(people.alice, to=[people.bob])
    recall(message)
    backup(tmp_path)
    other = send(people.alice, to=[people.bob])
    vault_settings().journal.unlink()
    with pytest.raises(CommandError, match=r"destruction journal .* is missing"):
        restore(tmp_path)
    assert opens(other, people.bob)
    assert not restoring.unfinished_path().exists()


def test_a_journal_of_another_installation_counts_as_none(people: People, tmp_path: Path) -> None:
    recall(send(people.alice, to=[people.bob]))
    backup(tmp_path)
    lines = vault_settings().journal.read_bytes()
    vault_settings().journal.write_bytes(lines.swapcase() + lines)
    with pytest.raises(CommandError, match="not the one of this installation"):
        restore(tmp_path)


def test_a_journal_that_began_anew_is_noticed_although_a_backup_was_made_since(people: People, tmp_path: Path) -> None:
    recall(send(people.alice, to=[people.bob]))
    backup(tmp_path)
    vault_settings().journal.unlink()
    recall(send(people.alice, to=[people.bob]))
    backup(tmp_path)
    with pytest.raises(CommandError, match="not the one of this installation"):
        restore(tmp_path)


def test_lost_recalls_can_be_accepted_and_every_ledger_says_so(people: People, tmp_path: Path) -> None:
    message = send(people.alice, to=[people.bob])
    recall(send(people.alice, to=[people.carol]))
    backup(tmp_path)
    recall(message)
    vault_settings().journal.unlink()
    Tombstone.objects.filter(object_id=message.id).delete()
    restore(tmp_path, "--accept-lost-recalls")
    assert opens(message, people.bob)
    entries = Entry.objects.filter(event=PlatformEvent.RECALLS_GIVEN_UP)
    assert {entry.platform_id for entry in entries} == {people.alice.platform_id, people.mallory.platform_id}
    # What was lost is known from now on, and not asked for again.
    restore(tmp_path)
    assert entries.count() == 2


def test_a_live_database_does_for_a_journal_that_is_lost(people: People, tmp_path: Path) -> None:
    recall(send(people.alice, to=[people.carol]))
    recalled, deleted, removed = (send(people.alice, to=[people.bob, people.carol]) for _ in range(3))
    expired = send(people.alice, to=[people.bob], expires_at=later(10))
    backup(tmp_path)
    recall(recalled)
    moving.move(deleted, to=Folder.TRASH, by=people.bob, at=later(1))
    moving.purge(deleted, by=people.bob, at=later(2))
    correcting.correct_address(
        removed.participations.get(account=people.bob), address=people.dora.address, by=people.alice, at=later(2)
    )
    expiring.expire_due(at=later(11))
    vault_settings().journal.unlink()
    Tombstone.objects.all().delete()
    restore(tmp_path, "--only", "keystore", "--accept-lost-recalls")
    assert alive(recalled) == {people.alice.id}
    assert alive(deleted) == alive(removed) == {people.alice.id, people.carol.id}
    assert alive(expired) == set()


# ── afterwards ────────────────────────────────────────────────────────────────


def test_everybody_signs_in_again_after_an_old_database(people: People, tmp_path: Path) -> None:
    visit(people.alice)
    backup(tmp_path)
    restore(tmp_path, "--only", "keystore")
    assert Session.objects.filter(ended_at=None).exists()
    restore(tmp_path, "--only", "database")
    assert not Session.objects.filter(ended_at=None).exists()


def test_no_nameless_share_is_swept_within_seven_days_of_a_restore(people: People, tmp_path: Path) -> None:
    backup(tmp_path)
    newer = send(people.alice, to=[people.bob])
    restore(tmp_path, "--only", "database")
    now = timezone.now()
    sweep = [share.holder_id for share in Share.objects.filter(object_id=newer.id)]
    Share.objects.filter(object_id=newer.id, holder_id=people.bob.id).delete()  # one of few, so within the hundredth
    for days, left in ((6, 1), (8, 0)):
        working.plan_chores(at=now + timedelta(days=days))
        working.run_due_jobs(at=now + timedelta(days=days))
        assert Share.objects.alive().filter(object_id=newer.id).count() == left
    assert len(sweep) == 2


def test_the_ledger_names_the_copy_that_was_restored(people: People, tmp_path: Path) -> None:
    backup(tmp_path)
    restore(tmp_path, "--only", "keystore")
    entry = Entry.objects.get(platform_id=people.alice.platform_id, event=PlatformEvent.STORES_RESTORED)
    assert bytes.fromhex(backups.choose(tmp_path, store="keystore").sha256) in bytes(entry.leaf)
    assert ledgers.restored_at(people.alice.platform_id) == entry.at


def test_what_was_there_before_is_kept_and_can_be_brought_back_by_its_name(people: People, tmp_path: Path) -> None:
    backup(tmp_path)
    message = send(people.alice, to=[people.bob])
    restore(tmp_path)
    assert not Message.objects.filter(id=message.id).exists()
    for store in backups.stores:
        (kept,) = [one for one in backups.found_in(tmp_path, store=store) if one.made_by == "restore"]
        restore(tmp_path, "--only", store, "--name", kept.folder.name)
    assert opens(message, people.bob)


# ── refusals ──────────────────────────────────────────────────────────────────


@on_sqlite
def test_while_the_service_has_a_store_open_nothing_is_replaced(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    backup(tmp_path)
    message = send(people.alice, to=[people.bob])
    monkeypatch.setattr(copying, "leaving_patience", timedelta(seconds=0.1))
    service = sqlite3.connect(copying.path_of("keystore"))
    service.execute("SELECT count(*) FROM keystore_share").fetchone()
    with pytest.raises(CommandError, match="still has the keystore open"):
        restore(tmp_path)
    service.close()
    assert opens(message, people.bob)
    assert not restoring.unfinished_path().exists()


@on_sqlite
def test_a_damaged_store_does_not_stop_its_restore(people: People, tmp_path: Path) -> None:
    message = send(people.alice, to=[people.bob])
    backup(tmp_path)
    recall(message)
    connections["keystore"].close()
    copying.path_of("keystore").write_bytes(b"the disk was not so good after all" * 1000)
    restore(tmp_path)
    assert not opens(message, people.bob)
    assert opens(message, people.alice)


def test_a_damaged_copy_is_refused(people: People, tmp_path: Path) -> None:
    backup(tmp_path)
    copy = backups.choose(tmp_path, store="keystore").copy
    copy.write_bytes(copy.read_bytes()[:-1] + b"!")
    with pytest.raises(CommandError, match="its file is not the one that was written"):
        restore(tmp_path)


def test_a_copy_of_a_later_program_is_refused(people: People, tmp_path: Path) -> None:
    backup(tmp_path)
    manifest = backups.choose(tmp_path, store="database").folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"mailbox.0001_initial"', '"mailbox.0099_to_come"'))
    with pytest.raises(CommandError, match=r"a later program made it \(mailbox\.0099_to_come\)"):
        restore(tmp_path)


def test_an_empty_folder_is_refused(people: People, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="has no copy of the database"):
        restore(tmp_path / "nothing")


def test_an_interrupted_restore_is_done_again(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    message = send(people.alice, to=[people.bob])
    backup(tmp_path)
    recall(message)
    with monkeypatch.context() as patch:
        patch.setattr(restoring, "replay", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            restore(tmp_path)
    assert restoring.unfinished_path().exists()
    restore(tmp_path)
    assert not restoring.unfinished_path().exists()
    assert not opens(message, people.bob)


def _interrupt() -> int:
    raise KeyboardInterrupt
