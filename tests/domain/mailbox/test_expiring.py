"""The end of a message: nobody reads it any more, the sender included; the slip stays."""

from letterlock.domain.mailbox import expiring, heading, jobs, moving, reading, recalling, shredding, tracking
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.heading import NoticeKind
from letterlock.domain.mailbox.models import Folder, Message, Part
from letterlock.foundation.audit import reading as ledger
from letterlock.foundation.outbox import working
from letterlock.foundation.outbox.models import Job
from letterlock.foundation.vault import wrapping
from letterlock.foundation.vault.keystore.models import Reason, Tombstone
from tests.cast import People
from tests.domain.mailbox.letters import client, fresh, later, place, send, subject
from tests.domain.mailbox.racing import together


def holders(message: Message):
    return {holder.id for holder in wrapping.holders_of(shredding.thing_of(message.id))}


def events(message: Message) -> list[str]:
    return [fact.event for fact in ledger.facts_about(message.platform_id, message.id)]


def test_expiry_destroys_every_share_the_senders_included(people: People) -> None:
    message = send(people.alice, to=[people.bob], bcc=[people.carol], expires_at=later(60))
    assert expiring.expire_due(at=later(60)) == 1
    assert holders(message) == set()
    assert not Part.objects.filter(owner_id=message.id).exists()
    assert (fresh(message).expired_at, fresh(message).keys_destroyed_at) == (later(60), later(60))
    assert events(message) == [MailboxEvent.MESSAGE_EXPIRED, MailboxEvent.KEYS_DESTROYED]
    stones = Tombstone.objects.filter(object_id=message.id)
    assert {stone.holder_id for stone in stones} == {people.alice.id, people.bob.id, people.carol.id}
    assert {stone.reason for stone in stones} == {Reason.EXPIRED}


def test_nothing_else_expires(people: People) -> None:
    lasting, later_on = send(people.alice, to=[people.bob]), send(people.alice, to=[people.bob], expires_at=later(61))
    assert expiring.expire_due(at=later(60)) == 0
    for message in (lasting, later_on):
        assert holders(message) == {people.alice.id, people.bob.id}
        assert fresh(message).expired_at is None
        reading.retrieve(message, by=people.bob, at=later(60), client=client)


def test_after_expiry_subject_people_and_slip_stay(people: People) -> None:
    message = send(people.alice, to=[people.bob], expires_at=later(60))
    reading.retrieve(message, by=people.bob, at=later(5), client=client)
    expiring.expire_due(at=later(60))
    head = heading.head_of(fresh(message), viewer=people.bob, at=later(70))
    assert (head.subject, head.may_reply, head.may_open) == (subject, False, False)
    assert head.notice
    assert (head.notice.kind, head.notice.at, head.notice.reason) == (NoticeKind.EXPIRED, later(60), "")
    assert head.notice.opened_at == later(5)
    slip = tracking.slip_of(fresh(message), viewer=people.alice, at=later(70))
    assert slip.participants[0].retrieved_at == later(5)
    assert [(option.code, str(option.words)) for option in slip.options][-1] == ("expiry", "expired")


def test_expiring_again_changes_nothing(people: People) -> None:
    message = send(people.alice, to=[people.bob], expires_at=later(60))
    jobs.expire_messages(at=later(60))
    before = events(message)
    assert expiring.expire_due(at=later(61)) == 0
    (job,) = Job.objects.filter(topic=MailboxEvent.MESSAGE_EXPIRED)
    jobs.destroy_expired_keys(**job.ids, at=later(62))
    assert events(message) == before


def test_of_two_workers_at_one_moment_one_expires_it(people: People) -> None:
    message = send(people.alice, to=[people.bob], expires_at=later(60))
    answers = together(*[lambda: expiring.expire_due(at=later(60))] * 2)
    assert sorted(answers) == [0, 1]
    assert events(message).count(MailboxEvent.MESSAGE_EXPIRED) == 1


def test_a_recalled_message_that_expires_takes_the_senders_copy_too(people: People) -> None:
    message = send(people.alice, to=[people.bob], expires_at=later(60))
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later(5), client=client)
    assert holders(message) == {people.alice.id}
    expiring.expire_due(at=later(60))
    assert holders(message) == set()
    assert not Part.objects.filter(owner_id=message.id).exists()
    assert fresh(message).keys_destroyed_at == later(5)
    notice = heading.head_of(fresh(message), viewer=people.alice, at=later(70)).notice
    assert notice
    assert (notice.kind, notice.is_readable) == (NoticeKind.RECALLED, False)


def test_a_message_expires_though_its_keys_cannot_be_destroyed_yet(people: People, unwritable_journal) -> None:
    message = send(people.alice, to=[people.bob], expires_at=later(60))
    assert expiring.expire_due(at=later(60)) == 1
    assert holders(message) == {people.alice.id, people.bob.id}
    assert fresh(message).keys_destroyed_at is None
    unwritable_journal()
    working.run_due_jobs(at=later(70))
    assert holders(message) == set()
    assert not Part.objects.filter(owner_id=message.id).exists()


def test_a_reader_at_the_moment_of_expiry_gets_the_letter_or_a_refusal(people: People) -> None:
    message = send(people.alice, to=[people.bob], expires_at=later(60))
    read, expired = together(
        lambda: reading.retrieve(fresh(message), by=people.bob, at=later(59.99), client=client),
        lambda: expiring.expire_due(at=later(60)),
    )
    assert expired == 1
    if isinstance(read, reading.Letter):
        assert place(message, people.bob).retrieved_at == later(59.99)
    else:
        assert isinstance(read, reading.Expired | reading.KeyMissing)


def test_an_expired_message_can_be_put_away(people: People) -> None:
    message = send(people.alice, to=[people.bob], expires_at=later(60))
    expiring.expire_due(at=later(60))
    moving.move(message, to=Folder.TRASH, by=people.bob, at=later(61))
    moving.purge(message, by=people.bob, at=later(62))
    assert place(message, people.bob).purged_at == later(62)
