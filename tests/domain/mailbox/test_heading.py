"""The envelope before anybody opens it: what it shows, what it offers, and that looking is no fact."""

import pytest

from letterlock.domain.mailbox import heading, reading, recalling
from letterlock.domain.mailbox.models import ChangeFeed, Folder, Message
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.outbox.models import Job
from tests.cast import People
from tests.domain.mailbox.letters import client, fresh, later, place, send, sent_at, subject


def head(message: Message, viewer, minutes: float = 60) -> heading.Head:
    return heading.head_of(fresh(message), viewer=viewer, at=later(minutes))


def test_the_envelope_shows_subject_people_and_times(people: People) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.carol], expires_at=later(90))
    seen = head(message, people.bob)
    assert (seen.subject, seen.sender.name, seen.sent_at, seen.expires_at) == (
        subject,
        "Alice Ashdown",
        sent_at,
        later(90),
    )
    assert ([one.name for one in seen.to], [one.name for one in seen.cc]) == (["Bob Brennan"], ["Carol Castell"])
    assert (seen.folder, seen.is_own, seen.is_unread, seen.is_retrieved) == (Folder.INBOX, False, True, False)
    assert (seen.notice, seen.may_open, seen.may_reply, seen.may_recall) == (None, True, True, False)


def test_looking_at_the_envelope_changes_nothing(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    counted = [model.objects.count() for model in (Entry, Job, ChangeFeed)]
    head(message, people.bob)
    assert [model.objects.count() for model in (Entry, Job, ChangeFeed)] == counted
    assert place(message, people.bob).is_unread


def test_it_tells_what_the_viewer_has_done(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    reading.review(message, by=people.bob, at=later(), client=client)
    assert (head(message, people.bob).is_reviewed, head(message, people.bob).is_retrieved) == (True, False)
    reading.retrieve(message, by=people.bob, at=later(), client=client)
    assert (head(message, people.bob).is_unread, head(message, people.bob).is_retrieved) == (False, True)


@pytest.mark.parametrize(("name", "offered"), [("alice", True), ("bob", False), ("dora", False)])
def test_recall_is_offered_to_the_sender_alone(people: People, name: str, offered: bool) -> None:
    message = send(people.alice, to=[people.bob, people.dora])
    assert head(message, people.by_name(name)).may_recall == offered


def test_recall_is_offered_while_there_is_something_to_take_back(people: People) -> None:
    recalled = send(people.alice, to=[people.bob])
    recalling.recall_message(recalled, reason="", destroy_own_copy=True, by=people.alice, at=later(), client=client)
    expired = send(people.alice, to=[people.bob], expires_at=later(59))
    for message in (recalled, expired):
        seen = head(message, people.alice)
        assert (seen.may_recall, seen.may_open, seen.may_reply) == (False, False, False)


def test_reply_to_all_is_offered_where_it_reaches_more_people(people: People) -> None:
    alone, many = send(people.alice, to=[people.bob]), send(people.alice, to=[people.bob], cc=[people.carol])
    assert not head(alone, people.bob).may_reply_all
    assert head(many, people.bob).may_reply_all
    assert head(many, people.alice).may_reply_all
    assert not head(send(people.alice, to=[people.bob, people.carol]), people.alice).may_reply_all


def test_reply_to_all_is_never_offered_to_one_who_was_bccd_nor_because_of_one(people: People) -> None:
    message = send(people.alice, to=[people.bob], bcc=[people.carol, people.dora])
    assert not head(message, people.carol).may_reply_all
    assert not head(message, people.bob).may_reply_all


def test_a_frozen_conversation_is_answered_to_its_sender_only(people: People) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.carol], reply_freeze=True)
    assert (head(message, people.bob).may_reply, head(message, people.bob).may_reply_all) == (True, False)
    assert head(message, people.alice).may_reply_all
