"""The thread by reference: what the viewer may still open, and notices."""

from letterlock.domain.mailbox import conversing, expiring, moving, recalling
from letterlock.domain.mailbox.heading import NoticeKind
from letterlock.domain.mailbox.models import Folder
from tests.cast import People
from tests.domain.mailbox.letters import client, fresh, later, send


def conversation(message, viewer):
    found = conversing.conversation_of(fresh(message), viewer=viewer, at=later(60))
    return [one.subject for one in found.earlier], [one.subject for one in found.later]


def test_a_message_stands_between_those_before_and_after_it(people: People) -> None:
    first = send(people.alice, to=[people.bob], subject="One")
    second = send(people.bob, to=[people.alice], subject="Two", parent=first, at=later(1))
    third = send(people.alice, to=[people.bob], subject="Three", parent=second, at=later(2))
    send(people.alice, to=[people.bob], subject="Another conversation", at=later(1))
    for viewer in (people.alice, people.bob):
        assert conversation(first, viewer) == ([], ["Two", "Three"])
        assert conversation(second, viewer) == (["One"], ["Three"])
        assert conversation(third, viewer) == (["One", "Two"], [])


def test_one_finds_only_what_one_has_a_part_in(people: People) -> None:
    first = send(people.alice, to=[people.bob], bcc=[people.carol], subject="One")
    reply = send(people.bob, to=[people.alice], subject="Two", parent=first, at=later(1))
    assert conversation(first, people.carol) == ([], [])
    assert conversation(reply, people.mallory) == ([], [])


def test_what_was_taken_back_or_has_expired_is_a_notice(people: People) -> None:
    first = send(people.alice, to=[people.bob], subject="One")
    second = send(people.alice, to=[people.bob], subject="Two", parent=first, at=later(1), expires_at=later(30))
    third = send(people.alice, to=[people.bob], subject="Three", parent=second, at=later(2))
    recalling.recall_message(first, reason="Wrong", destroy_own_copy=False, by=people.alice, at=later(5), client=client)
    expiring.expire_due(at=later(30))
    one, two = conversing.earlier_messages(fresh(third), viewer=people.bob, at=later(60))
    assert one.notice
    assert (one.notice.kind, one.notice.reason) == (NoticeKind.RECALLED, "Wrong")
    assert two.notice
    assert two.notice.kind == NoticeKind.EXPIRED


def test_what_one_deleted_for_good_is_gone_from_the_thread(people: People) -> None:
    first = send(people.alice, to=[people.bob], subject="One")
    second = send(people.alice, to=[people.bob], subject="Two", parent=first, at=later(1))
    moving.move(first, to=Folder.TRASH, by=people.bob, at=later(2))
    assert conversation(second, people.bob) == (["One"], [])
    moving.purge(first, by=people.bob, at=later(3))
    assert conversation(second, people.bob) == ([], [])
    assert conversation(second, people.alice) == (["One"], [])


def test_a_long_thread_takes_two_queries(people: People, django_assert_max_num_queries) -> None:
    first = send(people.alice, to=[people.bob])
    for number in range(6):
        last = send(people.alice, to=[people.bob], parent=first, at=later(number + 1))
    last = fresh(last)
    with django_assert_max_num_queries(2):
        assert len(conversing.conversation_of(last, viewer=people.bob, at=later(60)).earlier) == 6
