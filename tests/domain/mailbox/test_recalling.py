"""Taking a message back: who may, what is left, and what no old copy of the database can undo."""

import threading
from pathlib import Path
from uuid import UUID

import pytest
from django.core import mail as outbox
from django.db import connection, connections

from letterlock.domain.accounts.admitting import SignedIn
from letterlock.domain.accounts.models import Account, Invitation
from letterlock.domain.mailbox import (
    answering,
    drafting,
    heading,
    jobs,
    reading,
    recalling,
    shredding,
    tracking,
)
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.heading import NoticeKind
from letterlock.domain.mailbox.models import DraftKind, Message, Part, Recall
from letterlock.domain.mailbox.stamping import Stamp
from letterlock.domain.policies import limits
from letterlock.foundation.audit import reading as ledger
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import NotFound, Refusal
from letterlock.foundation.outbox import working
from letterlock.foundation.outbox.models import Job
from letterlock.foundation.vault import destroying, wrapping
from letterlock.foundation.vault.keystore.models import Reason, Share, Tombstone
from letterlock.foundation.vault.models import Holder
from letterlock.foundation.vault.wrapping import ShareGone
from tests import on_disk
from tests.cast import People
from tests.domain.accounts.doing import begin, complete
from tests.domain.mailbox.desks import answer, mail, press_send
from tests.domain.mailbox.letters import client, fresh, later, place, send, subject, words
from tests.domain.mailbox.racing import together
from tests.patience import hang_seconds

reason = "Wrong attachment, a corrected message follows."


def recall(message: Message, by: Account, **changes) -> Recall:
    given = {"reason": reason, "destroy_own_copy": False, "by": by, "at": later(10), "client": client} | changes
    return recalling.recall_message(message, **given)


def open_it(message: Message, account: Account, minutes: float = 20):
    return reading.retrieve(message, by=account, at=later(minutes), client=client)


def holders(message: Message) -> set[UUID]:
    return {holder.id for holder in wrapping.holders_of(shredding.thing_of(message.id))}


def events(message: Message) -> list[str]:
    return [fact.event for fact in ledger.facts_about(message.platform_id, message.id)]


def test_nobody_opens_a_recalled_message_that_nobody_had_opened(people: People) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.carol], bcc=[people.dora])
    recall(message, people.alice)
    for account in (people.bob, people.carol, people.dora):
        with pytest.raises(reading.Recalled):
            open_it(message, account)
    assert holders(message) == {people.alice.id}


def test_a_message_that_was_read_cannot_be_opened_again(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    assert open_it(message, people.bob, 5).html == words
    recall(message, people.alice)
    for _again in range(2):
        with pytest.raises(reading.Recalled):
            open_it(message, people.bob)
    assert place(message, people.bob).retrievals == 1


def test_the_sender_keeps_a_readable_copy(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    recall(message, people.alice)
    assert open_it(message, people.alice).html == words


def test_recipients_see_subject_notice_when_and_why_and_what_they_had(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    open_it(message, people.bob, 5)
    recall(message, people.alice)
    seen = heading.head_of(fresh(message), viewer=people.bob, at=later(20))
    assert seen.subject == subject
    assert seen.notice
    assert (seen.notice.kind, seen.notice.at, seen.notice.reason) == (NoticeKind.RECALLED, later(10), reason)
    assert (seen.notice.sender.name, seen.notice.opened_at) == ("Alice Ashdown", later(5))
    assert (seen.may_open, seen.may_reply, seen.may_reply_all, seen.may_recall) == (False, False, False, False)
    other = heading.head_of(fresh(message), viewer=people.carol, at=later(20))
    assert other.notice
    assert other.notice.opened_at is None


def test_an_empty_reason_shows_the_default_sentence(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    recall(message, people.alice, reason=" \x00 ")
    notice = heading.head_of(fresh(message), viewer=people.bob, at=later(20)).notice
    assert notice
    assert notice.reason == "The sender gave no reason."


def test_the_reason_is_sealed_in_the_database(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    recall(message, people.alice)
    assert b"attachment" not in bytes(Recall.objects.get(message=message).sealed_reason)


def test_a_reason_may_be_a_thousand_characters_long(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    with pytest.raises(recalling.ReasonTooLong) as refusal:
        recall(message, people.alice, reason="x" * (limits.recall_reason_characters + 1))
    assert "1000" in refusal.value.explain()
    assert not Recall.objects.exists()
    recall(message, people.alice, reason="x" * limits.recall_reason_characters)


@pytest.mark.parametrize("name", ["bob", "carol", "dora", "mallory", "alice_at_globex"])
def test_nobody_recalls_what_another_has_sent(people: People, name: str) -> None:
    message = send(people.alice, to=[people.bob, people.dora])
    with pytest.raises(NotFound):
        recall(message, people.by_name(name))
    assert not Recall.objects.exists()
    assert open_it(message, people.bob).html == words


def test_a_guest_does_not_recall_the_own_reply(people: People) -> None:
    first = send(people.alice, to=[people.bob])
    message = send(people.bob, to=[people.alice], parent=first, at=later(5))
    with pytest.raises(recalling.GuestsCannotRecall):
        recall(message, people.bob)
    assert not heading.head_of(message, viewer=people.bob, at=later(20)).may_recall
    assert open_it(message, people.alice).html == words


def test_an_administrator_recalls_the_own_message(people: People) -> None:
    message = send(people.dora, to=[people.bob])
    recall(message, people.dora)
    with pytest.raises(reading.Recalled):
        open_it(message, people.bob)


def test_recalling_twice_is_refused_and_changes_nothing(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    recall(message, people.alice)
    before = events(message)
    with pytest.raises(recalling.AlreadyRecalled):
        recall(message, people.alice, reason="again", destroy_own_copy=True)
    assert events(message) == before
    assert holders(message) == {people.alice.id}


def test_an_expired_message_is_not_recalled(people: People) -> None:
    message = send(people.alice, to=[people.bob], expires_at=later(9))
    with pytest.raises(recalling.AlreadyExpired):
        recall(message, people.alice)
    assert not Recall.objects.exists()


def test_every_refusal_says_what_happened() -> None:
    refusals: list[type[Refusal]] = [
        recalling.AlreadyRecalled,
        recalling.AlreadyExpired,
        recalling.GuestsCannotRecall,
    ]
    for refusal in refusals:
        assert len(refusal().explain()) > 40


def test_destroying_the_own_copy_leaves_no_share_and_no_ciphertext(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    recall(message, people.alice, destroy_own_copy=True)
    with pytest.raises(reading.Recalled):
        open_it(message, people.alice)
    assert holders(message) == set()
    assert not Part.objects.filter(owner_id=message.id).exists()
    assert heading.head_of(fresh(message), viewer=people.alice, at=later(20)).subject == subject


def test_the_page_and_the_worker_at_once_write_down_one_destruction(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, honest = send(people.alice, to=[people.bob]), destroying.destroy_shares

    def overtaken(*args, **given) -> int:
        monkeypatch.setattr(destroying, "destroy_shares", honest)
        recalling.destroy_keys(message.id, at=later(10))
        return honest(*args, **given)

    monkeypatch.setattr(destroying, "destroy_shares", overtaken)
    recall(message, people.alice)
    assert holders(message) == {people.alice.id}
    assert events(message).count(MailboxEvent.KEYS_DESTROYED) == 1


def test_keys_destroyed_is_said_with_a_tombstone_for_each_share(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    made = recall(message, people.alice)
    assert fresh(message).keys_destroyed_at == later(10)
    stones = Tombstone.objects.filter(object_id=message.id)
    assert {stone.holder_id for stone in stones} == {people.bob.id, people.carol.id}
    (fact,) = ledger.facts_about(message.platform_id, message.id, events=[MailboxEvent.MESSAGE_RECALLED])
    assert {(stone.reason, stone.entry_id) for stone in stones} == {(Reason.RECALLED, fact.entry_id)}
    assert Recall.objects.get(message=message).entry_id == made.entry_id == fact.entry_id
    assert events(message) == [MailboxEvent.MESSAGE_RECALLED, MailboxEvent.KEYS_DESTROYED]


def test_a_recall_stands_when_shares_cannot_be_destroyed_yet(people: People, unwritable_journal) -> None:
    message = send(people.alice, to=[people.bob])
    recall(message, people.alice)
    assert holders(message) == {people.alice.id, people.bob.id}
    assert fresh(message).keys_destroyed_at is None
    # The share is still there, so that it is the recall itself that refuses.
    with pytest.raises(reading.Recalled):
        open_it(message, people.bob)
    unwritable_journal()
    working.run_due_jobs(at=later(30))
    assert holders(message) == {people.alice.id}
    assert fresh(message).keys_destroyed_at == later(30)
    assert events(message)[-1] == MailboxEvent.KEYS_DESTROYED


def test_destroying_again_changes_nothing(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    recall(message, people.alice, destroy_own_copy=True)
    before = events(message)
    for minutes in (11, 12):
        jobs.destroy_recalled_keys(message_id=str(message.id), at=later(minutes), platform_id="unknown to the job")
    assert events(message) == before
    assert fresh(message).keys_destroyed_at == later(10)


def test_a_recall_owes_its_job_in_the_same_commit(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    recall(message, people.alice)
    owed = Job.objects.filter(topic=MailboxEvent.MESSAGE_RECALLED)
    assert {job.ids["message_id"] for job in owed} == {str(message.id)}


def test_a_share_that_appears_after_the_recall_is_destroyed_by_the_job(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    taken = Share.objects.get(object_id=message.id, holder_id=people.bob.id)
    recall(message, people.alice)
    taken.save(using="keystore")  # the row as it was, before it was blanked
    jobs.destroy_recalled_keys(message_id=str(message.id), at=later(12))
    assert holders(message) == {people.alice.id}


def test_the_sender_still_sees_who_had_retrieved_it(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    open_it(message, people.bob, 5)
    recall(message, people.alice)
    slip = tracking.slip_of(fresh(message), viewer=people.alice, at=later(20))
    seen = {one.person.name: (one.stamp, one.retrieved_at) for one in slip.participants}
    assert seen == {"Bob Brennan": (Stamp.RECALLED, later(5)), "Carol Castell": (Stamp.RECALLED, None)}
    assert (slip.keys_destroyed_at, slip.may_recall) == (later(10), False)
    assert slip.meter
    assert slip.meter.retrieved == 1


def test_whoever_registers_after_the_recall_finds_the_notice(people: People) -> None:
    message = mail(people.alice, to=["erin@client.example"])
    challenge = begin(Invitation.objects.get(account__address="erin@client.example"), at=later(5))
    recall(message, people.alice)
    erin = complete(challenge, at=later(11)).account
    notice = heading.head_of(fresh(message), viewer=erin, at=later(30)).notice
    assert notice
    assert (notice.reason, notice.opened_at) == (reason, None)
    with pytest.raises(reading.Recalled):
        open_it(message, erin)


def test_registering_at_the_moment_of_the_recall_succeeds_and_opens_nothing(people: People) -> None:
    message = mail(people.alice, to=["erin@client.example"])
    challenge = begin(Invitation.objects.get(account__address="erin@client.example"), at=later(5))
    signed_in, recalled = together(
        lambda: complete(challenge, at=later(10)), lambda: recall(fresh(message), people.alice)
    )
    assert isinstance(signed_in, SignedIn)
    assert isinstance(recalled, Recall)
    with pytest.raises(reading.Recalled):
        open_it(message, signed_in.account)
    assert holders(message) == {people.alice.id}


def test_a_message_recalled_before_its_mails_left_tells_nobody_of_it(people: People) -> None:
    """While it is being sent: the notice mails are still owed when the sender takes it back."""
    message = mail(people.alice, to=["bob@client.example"])
    recall(message, people.alice)
    outbox.outbox.clear()
    working.run_due_jobs(at=later(11))
    assert outbox.outbox == []
    assert place(message, people.bob).notified_at is None
    assert heading.head_of(fresh(message), viewer=people.bob, at=later(20)).notice


def test_an_answer_to_a_recalled_message_is_refused_and_one_that_was_sent_stays(people: People) -> None:
    message = mail(people.alice, to=["bob@client.example"])
    sent = press_send(answer(message, people.bob), people.bob, at=later(5))
    draft = answer(message, people.bob)
    recall(message, people.alice)
    with pytest.raises(answering.ParentGone):
        press_send(draft, people.bob, at=later(11))
    with pytest.raises(answering.ParentGone):
        drafting.start_reply(message, kind=DraftKind.REPLY, by=people.bob, at=later(11))
    assert open_it(sent, people.alice).html == words


def test_an_old_row_of_the_database_opens_to_nothing(people: People) -> None:
    """A database from before the recall has no Recall row; the live keystore has no share."""
    message = send(people.alice, to=[people.bob])
    recall(message, people.alice)
    Recall.objects.all().delete()
    Message.objects.update(keys_destroyed_at=None)
    with pytest.raises(reading.KeyMissing):
        open_it(message, people.bob)
    with pytest.raises(ShareGone):
        wrapping.fetch_share(
            shredding.thing_of(message.id), holder=Holder(people.bob.id), platform_id=message.platform_id
        )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file is copied; for PostgreSQL see the test above")
def test_a_database_backup_from_before_the_recall_does_not_open_the_message(people: People, tmp_path: Path) -> None:
    message = send(people.alice, to=[people.bob])
    live = Path(connections["default"].settings_dict["NAME"])
    backup = _back_up(live, tmp_path)
    assert open_it(message, people.bob, 5).html == words
    recall(message, people.alice)
    _put_back(backup, live)
    assert not Recall.objects.exists()
    assert place(message, people.bob).retrieved_at is None
    with pytest.raises(reading.KeyMissing):
        open_it(message, people.bob)
    assert open_it(message, people.alice).html == words


def _back_up(live: Path, folder: Path) -> Path:
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return on_disk.copy_of(live, to=folder / "backup.sqlite3")


def _put_back(backup: Path, live: Path) -> None:
    connections["default"].close()
    for leftover in (Path(f"{live}-wal"), Path(f"{live}-shm")):
        leftover.unlink(missing_ok=True)
    on_disk.copy_of(backup, to=live)


def test_no_byte_of_a_recalled_share_is_left_in_the_keystore(people: People) -> None:
    if connections["keystore"].vendor != "sqlite":
        pytest.skip("PostgreSQL's files are looked at by the vault's own tests")
    message = send(people.alice, to=[people.bob])
    sealed = bytes(Share.objects.get(object_id=message.id, holder_id=people.bob.id).sealed)
    folder = Path(connections["keystore"].settings_dict["NAME"]).parent
    assert sealed in on_disk.bytes_of(*folder.glob("test-keystore*"))
    recall(message, people.alice)
    assert sealed not in on_disk.bytes_of(*folder.glob("test-keystore*"))


@pytest.mark.parametrize("turn", range(4))
def test_a_reader_at_the_moment_of_the_recall_has_it_recorded_or_has_nothing(people: People, turn: int) -> None:
    message = send(people.alice, to=[people.bob], subject=f"Race {turn}")
    read, recalled = together(
        lambda: open_it(fresh(message), people.bob, 10), lambda: recall(fresh(message), people.alice)
    )
    assert isinstance(recalled, Recall)
    retrieved_at = place(message, people.bob).retrieved_at
    if isinstance(read, reading.Letter):
        assert retrieved_at == later(10)
    else:
        # The text may be lost after it was recorded (over-reported once), never the other way round.
        assert isinstance(read, Refusal)
    with pytest.raises(reading.Recalled):
        open_it(message, people.bob)
    assert holders(message) == {people.alice.id}


def test_of_two_recalls_at_one_moment_one_is_refused(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    answers = together(*[lambda: recall(fresh(message), people.alice)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyRecalled", "Recall"]
    assert events(message).count(MailboxEvent.MESSAGE_RECALLED) == 1


def test_a_reader_waiting_for_the_lock_meets_the_recall_that_went_before(people: People) -> None:
    """The reader has passed every look and holds the share in memory when the recall commits."""
    message = send(people.alice, to=[people.bob])
    reader = Reader(message, people.bob)
    with transactions.writing():
        Message.objects.select_for_update().get(id=message.id)
        Recall.objects.create(message=message, recalled_by=people.alice, recalled_at=later(10))
        reader.start()
        assert reader.has_share.wait(timeout=hang_seconds)
    reader.join(timeout=hang_seconds)
    assert isinstance(reader.answer, reading.Recalled)
    assert holders(message) == {people.alice.id, people.bob.id}
    assert place(message, people.bob).retrieved_at is None


class Reader(threading.Thread):
    """Bob in a thread of his own, who says when he was handed the share."""

    def __init__(self, message: Message, account: Account) -> None:
        super().__init__()
        self.message, self.account = message, account
        self.has_share, self.answer = threading.Event(), None

    def run(self) -> None:
        try:
            with connections["keystore"].execute_wrapper(self._watch):
                self.answer = open_it(self.message, self.account, 10)
        except Refusal as refusal:
            self.answer = refusal
        finally:
            connections.close_all()

    def _watch(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if "keystore_share" in sql:
            self.has_share.set()
        return result
