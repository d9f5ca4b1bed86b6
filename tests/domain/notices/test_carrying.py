"""Mails leave through a real SMTP server, and the slip says what became of them."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Message
from letterlock.domain.notices import carrying, relaying, writing
from letterlock.domain.notices.models import Mail, MailKind, MailState
from letterlock.foundation.audit import reading
from letterlock.foundation.kernel import transactions
from letterlock.foundation.outbox.models import Job
from tests.cast import People
from tests.domain.mailbox.letters import later, place
from tests.domain.notices.conftest import Relay, work
from tests.domain.notices.posting_letters import mail_of, pending, recall, send
from tests.ports import free_port


def facts_of(message: Message) -> list[str]:
    return [fact.event for fact in reading.facts_about(message.platform_id, message.id)]


def test_a_mail_that_the_relay_took_stands_on_the_slip(people: People, relay: Relay) -> None:
    message = send(people.alice, to=[people.bob])
    work()
    assert [mail.recipients for mail in relay.taken] == [["bob@client.example"]]
    assert place(message, people.bob).notified_at == later(1)
    assert facts_of(message) == [MailboxEvent.MESSAGE_NOTIFIED]
    assert mail_of(people.bob).state == MailState.ACCEPTED


def test_who_is_not_registered_gets_an_invitation(people: People, relay: Relay) -> None:
    newcomer = pending("new@elsewhere.example", by=people.alice)
    message = send(people.alice, to=[newcomer])
    work()
    assert place(message, newcomer).invited_at == later(1)
    assert place(message, newcomer).notified_at is None
    assert facts_of(message) == [MailboxEvent.MESSAGE_INVITED]


def test_every_recipient_gets_a_mail_of_their_own(people: People, relay: Relay) -> None:
    send(people.alice, to=[people.bob], cc=[people.carol], bcc=[people.dora])
    work()
    assert sorted(mail.recipients for mail in relay.taken) == [
        ["bob@client.example"],
        ["carol@acme.example"],
        ["dora@acme.example"],
    ]
    for one, other in [("bob", "dora"), ("carol", "bob"), ("dora", "carol")]:
        address = people.by_name(other).address
        assert all(address.encode() not in mail.content for mail in relay.mails_to(people.by_name(one).address))


def test_work_done_again_mails_nobody_again(people: People, relay: Relay) -> None:
    send(people.alice, to=[people.bob])
    work()
    mail = mail_of(people.bob)
    carrying.carry(mail.id, at=later(2))
    assert len(relay.taken) == 1


def test_a_refused_address_is_not_delivered_with_the_words_of_the_server(people: People, relay: Relay) -> None:
    message = send(people.alice, to=[people.bob])
    relay.at_recipient = "550 5.1.1 No such user here"
    work()
    bob = place(message, people.bob)
    assert (bob.not_delivered_at, bob.not_delivered_because) == (later(1), "550 5.1.1 No such user here")
    assert bob.notified_at is None
    assert facts_of(message) == [MailboxEvent.MESSAGE_NOT_DELIVERED]
    assert not Job.objects.exists()


def test_a_refused_mail_is_not_delivered_either(people: People, relay: Relay) -> None:
    message = send(people.alice, to=[people.bob])
    relay.at_data = "554 5.7.1 Looks like spam"
    work()
    assert place(message, people.bob).not_delivered_because == "554 5.7.1 Looks like spam"


@pytest.mark.parametrize(("words", "shown"), [(b"a\r\nb\x00\xff", "550 a b �"), ("x\u202ey", "550 x y")])
def test_the_words_of_a_server_are_made_harmless(words: bytes | str, shown: str) -> None:
    assert relaying._harmless(550, words) == shown
    assert len(relaying._harmless(550, "long " * 200)) <= relaying.longest_words


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (
            f"5.7.1 Bad link https://acme.example/invitations/7/{'aB3-_' * 8}xyz/ here",
            "5.7.1 Bad link https://acme.example/invitations/7/…/ here",
        ),
        ("5.7.1 Spam: 1234 5678 is your code", "5.7.1 Spam: … is your code"),
        ("5.7.1 Spam: 12345678", "5.7.1 Spam: …"),
        (
            "5.1.1 No such user, queue 4Xk3Zq1Wn2z, 2026-11-24, 123456789",
            "5.1.1 No such user, queue 4Xk3Zq1Wn2z, 2026-11-24, 123456789",
        ),
    ],
)
def test_what_a_server_quotes_of_a_mail_is_not_kept(words: str, kept: str) -> None:
    assert relaying._harmless(550, words) == f"550 {kept}"


@pytest.mark.parametrize("trouble", [{"at_recipient": "451 4.7.1 Greylisted"}, {"at_data": "452 4.2.2 Full"}])
def test_a_relay_that_asks_for_later_gets_the_same_mail_later(
    people: People, relay: Relay, trouble: dict[str, str]
) -> None:
    message = send(people.alice, to=[people.bob])
    for when, answer in trouble.items():
        setattr(relay, when, answer)
    work()
    mail = mail_of(people.bob)
    assert (mail.state, mail.server_said) == (MailState.DEFERRED, next(iter(trouble.values())))
    assert place(message, people.bob).notified_at is None
    relay.at_recipient = relay.at_data = ""
    work(minutes=2)
    assert mail_of(people.bob).state == MailState.ACCEPTED
    assert relay.taken[0].mail["Message-ID"] == mail.message_id_header


def test_a_relay_that_hangs_up_in_the_middle_is_tried_again(people: People, relay: Relay) -> None:
    send(people.alice, to=[people.bob])
    relay.at_data = "hang up"
    work()
    assert mail_of(people.bob).state == MailState.DEFERRED
    relay.at_data = ""
    work(minutes=2)
    assert mail_of(people.bob).state == MailState.ACCEPTED


def test_a_relay_that_is_not_there_is_left_alone_for_a_while(people: People, relay: Relay, settings: Settings) -> None:
    settings.EMAIL_PORT = free_port()
    send(people.alice, to=[people.bob])
    work()
    assert mail_of(people.bob).state == MailState.DEFERRED
    asked_again = relaying.hand_over(writing.write(mail_of(people.bob)), at=later(1) + timedelta(seconds=29))
    assert asked_again.verdict is relaying.Verdict.TRY_LATER
    settings.EMAIL_PORT = relay.port
    work(minutes=2)
    assert len(relay.taken) == 1


def test_after_two_days_a_mail_is_not_delivered(people: People, relay: Relay) -> None:
    message = send(people.alice, to=[people.bob])
    relay.at_recipient = "451 4.7.1 Greylisted"
    tries, at = 0, later(1)
    while Job.objects.exists():
        at = max(at, Job.objects.get().due_at)
        work(minutes=(at - later(0)) / timedelta(minutes=1))
        tries += 1
    assert at == later(1) + timedelta(days=2)
    assert 20 < tries < 60
    assert place(message, people.bob).not_delivered_because == "451 4.7.1 Greylisted"


def test_a_retry_writes_the_same_mail(people: People, relay: Relay) -> None:
    newcomer = pending("new@elsewhere.example", by=people.alice)
    send(people.alice, to=[newcomer])
    work_until_owed()
    mail = mail_of(newcomer)
    # The relay took it, and the worker was killed before it could note that.
    relaying.hand_over(writing.write(mail), at=later(1))
    work(minutes=10)
    first, second = relay.taken
    assert first.content == second.content


def work_until_owed() -> None:
    from letterlock.foundation.outbox import working

    assert working.run_due_jobs(at=later(0), limit=1) == 1


def test_a_mail_about_a_message_taken_back_meanwhile_does_not_leave(people: People, relay: Relay) -> None:
    message = send(people.alice, to=[people.bob])
    work_until_owed()
    recall(message, by=people.alice, minutes=1)
    work(minutes=2)
    assert relay.taken == []
    assert mail_of(people.bob).state == MailState.WITHDRAWN


def test_a_notice_on_its_way_during_a_recall_is_followed_by_its_notice(people: People, relay: Relay) -> None:
    message = send(people.alice, to=[people.bob])
    work_until_owed()
    mail = mail_of(people.bob)
    recall(message, by=people.alice, minutes=1)
    with transactions.writing():
        Job.objects.filter(topic=MailboxEvent.MESSAGE_RECALLED).delete()
    carrying._note_accepted(mail, at=later(2))
    assert Mail.objects.filter(kind=MailKind.RECALL, account=people.bob).exists()


def test_an_expired_message_is_not_announced(people: People, relay: Relay) -> None:
    send(people.alice, to=[people.bob], expires_at=later(5))
    work_until_owed()
    work(minutes=6)
    assert relay.taken == []


def test_an_address_beyond_ascii_is_spelled_as_it_is(people: People, relay: Relay) -> None:
    newcomer = pending("Zoë@räksmörgås.example", by=people.alice)
    send(people.alice, to=[newcomer])
    work()
    assert [mail.recipients for mail in relay.taken] == [["Zoë@xn--rksmrgs-5wao1o.example"]]
    assert "Zoë@xn--rksmrgs-5wao1o.example".encode() in relay.taken[0].content


def test_a_quoted_address_stays_quoted(people: People, relay: Relay) -> None:
    newcomer = pending('"new @ the door"@elsewhere.example', by=people.alice)
    send(people.alice, to=[newcomer])
    work()
    assert [mail.recipients for mail in relay.taken] == [['"new @ the door"@elsewhere.example']]
