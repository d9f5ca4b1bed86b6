"""What became of a mail, on the slip and in the ledger."""

import pytest

from letterlock.domain.mailbox import delivering
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Participation
from letterlock.foundation.audit import reading as ledger
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.transactions import WrongTransaction
from tests.cast import People
from tests.domain.mailbox.letters import later, place, send


def note(step, participation: Participation, minutes: float, **details: str) -> None:
    with transactions.writing():
        step(participation, at=later(minutes), **details)


def test_the_first_time_is_kept_and_every_time_is_in_the_ledger(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    bob = place(message, people.bob)
    for minutes in (1, 2):
        note(delivering.note_invited, bob, minutes)
        note(delivering.note_notified, bob, minutes)
    found = place(message, people.bob)
    assert (found.invited_at, found.notified_at) == (later(1), later(1))
    facts = ledger.facts_about(message.platform_id, message.id)
    assert [(fact.event, fact.at) for fact in facts] == [
        (MailboxEvent.MESSAGE_INVITED, later(1)),
        (MailboxEvent.MESSAGE_NOTIFIED, later(1)),
        (MailboxEvent.MESSAGE_INVITED, later(2)),
        (MailboxEvent.MESSAGE_NOTIFIED, later(2)),
    ]
    assert {fact.object_id for fact in facts} == {bob.id}


def test_the_servers_words_are_kept_and_cut(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    note(delivering.note_not_delivered, place(message, people.bob), 1, because="550 " + "no" * 400)
    found = place(message, people.bob)
    assert found.not_delivered_at == later(1)
    assert found.not_delivered_because.startswith("550 no")
    assert len(found.not_delivered_because) == 300


@pytest.mark.parametrize("step", [delivering.note_invited, delivering.note_notified])
def test_a_mail_that_arrives_takes_back_that_an_earlier_one_did_not(people: People, step) -> None:
    message = send(people.alice, to=[people.bob])
    note(delivering.note_not_delivered, place(message, people.bob), 1, because="550 no such user")
    note(step, place(message, people.bob), 2)
    found = place(message, people.bob)
    assert (found.not_delivered_at, found.not_delivered_because) == (None, "")
    assert MailboxEvent.MESSAGE_NOT_DELIVERED in [
        fact.event for fact in ledger.facts_about(message.platform_id, message.id)
    ]


@pytest.mark.parametrize("step", [delivering.note_invited, delivering.note_notified])
def test_a_step_outside_of_a_transaction_is_a_defect(people: People, step) -> None:
    with pytest.raises(WrongTransaction):
        step(place(send(people.alice, to=[people.bob]), people.bob), at=later())
