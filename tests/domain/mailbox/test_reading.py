"""Opening a message: what is handed out, to whom, and what is written down about it."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from letterlock.domain.accounts import metering
from letterlock.domain.mailbox import moving, reading, recalling, tracking
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Folder, Participation
from letterlock.domain.policies import limits
from letterlock.foundation.audit import reading as ledger
from letterlock.foundation.kernel.refusals import NotFound, Refusal
from letterlock.foundation.outbox.models import Job
from letterlock.foundation.vault.keystore.models import Share
from letterlock.foundation.vault.models import Wrap
from letterlock.foundation.vault.sealing import Tampered
from tests.cast import People
from tests.domain.mailbox.letters import client, fresh, later, place, send, subject, words


def open_it(message, account, *, at=None, client=client):
    return reading.retrieve(message, by=account, at=at or later(), client=client)


def review_it(message, account, *, at):
    reading.review(message, by=account, at=at, client=client)


def facts(message, event):
    return [fact for fact in ledger.facts_about(message.platform_id, message.id) if fact.event == event]


def first_access_jobs():
    return Job.objects.filter(topic=MailboxEvent.MESSAGE_RETRIEVED, handler__startswith="letterlock.domain.notices.")


@pytest.mark.parametrize(
    ("name", "reads_it"),
    [("alice", True), ("bob", True), ("carol", False), ("dora", False), ("mallory", False), ("alice_at_globex", False)],
)
def test_who_can_read_a_message(people: People, name: str, reads_it: bool) -> None:
    message = send(people.alice, to=[people.bob])
    if reads_it:
        letter = open_it(message, people.by_name(name))
        assert (letter.subject, letter.html) == (subject, words)
    else:
        with pytest.raises(NotFound):
            open_it(message, people.by_name(name))
        with pytest.raises(NotFound):
            reading.review(message, by=people.by_name(name), at=later(), client=client)
        assert facts(message, MailboxEvent.MESSAGE_RETRIEVED) == []


def test_opening_writes_down_who_when_and_with_what(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    open_it(message, people.bob, at=later(28))
    bob = place(message, people.bob)
    assert (bob.retrieved_at, bob.retrievals, bob.is_unread, bob.reviewed_at) == (later(28), 1, False, None)
    (fact,) = facts(message, MailboxEvent.MESSAGE_RETRIEVED)
    assert (fact.object_id, fact.at, fact.actor, fact.client) == (bob.id, later(28), str(people.bob.id), client)


def test_three_openings_are_three_entries_and_one_notice(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    programs = ["Safari on iPhone", "Chromium on Linux", "Firefox on Windows"]
    for minutes, program in enumerate(programs, start=1):
        open_it(message, people.bob, at=later(minutes), client=program)
    found = facts(message, MailboxEvent.MESSAGE_RETRIEVED)
    assert [(fact.at, fact.client) for fact in found] == [
        (later(minutes), program) for minutes, program in enumerate(programs, start=1)
    ]
    (job,) = first_access_jobs()
    bob = place(message, people.bob)
    assert job.ids == {"participation_id": str(bob.id)}
    assert (bob.retrieved_at, bob.retrievals) == (later(1), 3)


def test_the_second_recipient_is_one_further_notice(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    for account in (people.bob, people.carol, people.bob, people.carol):
        open_it(message, account)
    told = {job.ids["participation_id"] for job in first_access_jobs()}
    assert told == {str(place(message, people.bob).id), str(place(message, people.carol).id)}
    assert first_access_jobs().count() == 2


def test_the_counters_tell_open_people_and_all_people_apart(people: People) -> None:
    message = send(people.alice, to=[people.bob], bcc=[people.carol])
    for account in (people.carol, people.carol, people.bob, people.alice):
        open_it(message, account)
    counted = fresh(message)
    assert (counted.open_retrieved, counted.open_people) == (1, 1)
    assert (counted.all_retrieved, counted.all_people) == (2, 2)


def test_a_sender_who_opens_the_own_message_is_in_the_ledger_and_not_in_the_tracking(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    open_it(message, people.alice)
    assert len(facts(message, MailboxEvent.MESSAGE_RETRIEVED)) == 1
    assert not first_access_jobs().exists()
    assert (fresh(message).all_retrieved, place(message, people.alice).retrieved_at) == (0, None)
    assert tracking.history_of(message, viewer=people.alice) == []


def test_reviewing_is_recorded_each_time_and_hands_out_no_text(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    for minutes in (3, 5):
        reading.review(message, by=people.bob, at=later(minutes), client=client)
    bob = place(message, people.bob)
    assert (bob.reviewed_at, bob.retrieved_at, bob.is_unread) == (later(3), None, True)
    assert [fact.at for fact in facts(message, MailboxEvent.MESSAGE_REVIEWED)] == [later(3), later(5)]
    assert not first_access_jobs().exists()


def test_the_letter_is_cleaned_again_when_it_is_shown(people: People) -> None:
    message = send(people.alice, to=[people.bob], html="<p onclick='x()'>Hi<script>x()</script></p>")
    assert open_it(message, people.bob).html == "<p>Hi</p>"


def test_pictures_come_inside_the_letter(people: People) -> None:
    name, content = uuid4(), b"\x89PNG picture"
    html = f'<p>See</p><img data-picture="{name}" alt="a plan">'
    message = send(people.alice, to=[people.bob], html=html, pictures={name: content})
    shown = open_it(message, people.bob).html
    found = re.search(r'src="data:image/png;base64,([^"]+)"', shown)
    assert found
    assert base64.b64decode(found[1]) == content


def test_a_letter_keeps_its_words_to_itself(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    assert "numbers" not in repr(open_it(message, people.bob))


def test_a_message_past_its_expiry_is_refused_before_any_chore_ran(people: People) -> None:
    message = send(people.alice, to=[people.bob], expires_at=later(60))
    open_it(message, people.bob, at=later(59))
    for account in (people.bob, people.alice):
        with pytest.raises(reading.Expired):
            open_it(message, account, at=later(60))
    assert len(facts(message, MailboxEvent.MESSAGE_RETRIEVED)) == 1


def test_a_removed_or_purged_person_finds_nothing(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    Participation.objects.filter(message=message, account=people.bob).update(removed_at=later())
    moving.move(message, to=Folder.TRASH, by=people.carol, at=later())
    moving.purge(message, by=people.carol, at=later())
    for account in (people.bob, people.carol):
        with pytest.raises(NotFound):
            open_it(message, account)
        with pytest.raises(NotFound):
            reading.review(message, by=account, at=later(), client=client)


def test_a_message_taken_back_counts_as_read_once_its_notice_was_seen(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later())
    reading.review(message, by=people.bob, at=later(2), client=client)
    assert not place(message, people.bob).is_unread


def test_a_missing_key_is_said_and_not_recorded_as_retrieved(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    Share.objects.filter(object_id=message.id).delete()
    with pytest.raises(reading.KeyMissing):
        open_it(message, people.bob)
    assert place(message, people.bob).retrieved_at is None


def test_a_wrap_of_somebody_else_opens_nothing(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    bobs = Wrap.objects.get(object_id=message.id, holder_id=people.bob.id)
    Wrap.objects.filter(object_id=message.id, holder_id=people.carol.id).update(sealed_half=bobs.sealed_half)
    with pytest.raises(Tampered):
        open_it(message, people.carol)


def test_every_refusal_says_what_happened() -> None:
    for refusal in (reading.Recalled, reading.Expired, reading.KeyMissing, tracking.NotOpenedYet):
        assert issubclass(refusal, Refusal)
        assert len(refusal().explain()) > 40


def test_reading_takes_as_many_queries_for_five_people_as_for_two(
    people: People, django_assert_max_num_queries
) -> None:
    message = send(people.alice, to=[people.bob, people.carol, people.dora])
    with django_assert_max_num_queries(25):
        open_it(message, people.bob)


def print_it(message, account, *, at=None):
    reading.note_printed(message, by=account, at=at or later(2), client=client)


def test_each_printing_is_a_fact_and_the_slip_shows_the_first(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    open_it(message, people.bob)

    print_it(message, people.bob, at=later(2))
    print_it(message, people.bob, at=later(3))

    [bob] = tracking.slip_of(message, viewer=people.alice, at=later(4)).participants
    printed = [first for first in bob.firsts if first.is_reported]
    assert [(str(first.words), first.at) for first in printed] == [("Printed", later(2))]
    assert bob.words == "Retrieved"  # what a client says never hides what we know
    history = [one for one in tracking.history_of(message, viewer=people.alice) if one.person]
    assert [(str(one.words), one.client) for one in history][-2:] == [("Printed, as the browser reports", client)] * 2


def test_senders_printing_is_recorded_and_no_stamp_of_theirs(people: People) -> None:
    message = send(people.alice, to=[people.bob])

    print_it(message, people.alice)

    assert len(facts(message, MailboxEvent.MESSAGE_PRINTED)) == 1
    assert place(message, people.alice).printed_at is None


@pytest.mark.parametrize("name", ["carol", "dora", "mallory", "alice_at_globex"])
def test_strangers_report_no_printing(people: People, name: str) -> None:
    message = send(people.alice, to=[people.bob])
    with pytest.raises(NotFound):
        print_it(message, people.by_name(name))


def test_what_was_not_retrieved_or_was_taken_back_is_not_printed(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    with pytest.raises(reading.NotRetrieved):
        print_it(message, people.bob)
    open_it(message, people.bob)
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later(2))
    with pytest.raises(reading.Recalled):
        print_it(message, people.bob, at=later(3))
    assert facts(message, MailboxEvent.MESSAGE_PRINTED) == []


@pytest.mark.parametrize("act", [open_it, print_it, review_it])
def test_nobody_buries_the_history_under_their_openings(
    people: People, monkeypatch: pytest.MonkeyPatch, act: Callable[..., object]
) -> None:
    monkeypatch.setattr(limits, "facts_of_one_reader", replace(limits.facts_of_one_reader, burst=3))
    message = send(people.alice, to=[people.bob, people.carol])
    open_it(message, people.bob, at=later(1))
    for _again in range(2):
        act(message, people.bob, at=later(1))
    before = len(ledger.facts_about(message.platform_id, message.id))
    with pytest.raises(metering.TooManyTries):
        act(message, people.bob, at=later(1))
    assert len(ledger.facts_about(message.platform_id, message.id)) == before
    open_it(message, people.carol, at=later(1))
    act(message, people.bob, at=later(2))
