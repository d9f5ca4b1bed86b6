"""Notices in the page: the first access of each person, once, to those who may know."""

from letterlock.domain.mailbox import changing, moving
from letterlock.domain.mailbox.models import Folder
from letterlock.domain.notices import noticing
from letterlock.domain.notices.models import PageNotice
from tests.cast import People
from tests.domain.mailbox.letters import fresh, later, place
from tests.domain.notices.conftest import work
from tests.domain.notices.posting_letters import retrieve, send


def test_one_notice_for_the_first_access_and_none_for_later_ones(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    retrieve(message, by=people.bob)
    work(minutes=3)
    retrieve(message, by=people.bob, minutes=4)
    work(minutes=5)
    [notice] = noticing.unseen_notices(people.alice)
    assert (notice.person, notice.subject, notice.message_id) == ("Bob Brennan", "Quarterly figures", message.id)
    assert notice.retrieved_at == later(2)
    assert noticing.count_unseen(people.alice) == 1


def test_telling_again_changes_nothing(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    retrieve(message, by=people.bob)
    work(minutes=3)
    from letterlock.domain.notices import telling

    telling.tell_of_access(place(message, people.bob), at=later(4))
    assert PageNotice.objects.count() == 1


def test_the_page_of_who_is_told_learns_of_it(people: People) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.carol])
    before = changing.number_of(people.carol)
    retrieve(message, by=people.bob)
    work(minutes=3)
    changes = changing.changes_since(people.carol, before)
    assert changes
    assert "notices" in changes.fragments


def test_what_was_seen_is_no_news(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    retrieve(message, by=people.bob)
    work(minutes=3)
    noticing.mark_seen(people.alice, at=later(4))
    assert noticing.unseen_notices(people.alice) == []
    [notice] = noticing.recent_notices(people.alice)
    assert notice.is_seen


def test_a_notice_that_came_meanwhile_stays_unseen(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    retrieve(message, by=people.bob)
    work(minutes=3)
    shown = [notice.id for notice in noticing.unseen_notices(people.alice)]
    retrieve(message, by=people.carol, minutes=4)
    work(minutes=5)
    noticing.mark_seen(people.alice, at=later(6), notice_ids=shown)
    assert [notice.person for notice in noticing.unseen_notices(people.alice)] == ["Carol Castell"]


def test_nobody_marks_anothers_notices(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    retrieve(message, by=people.bob)
    work(minutes=3)
    ids = [notice.id for notice in noticing.unseen_notices(people.alice)]
    noticing.mark_seen(people.mallory, at=later(4), notice_ids=ids)
    assert len(noticing.unseen_notices(people.alice)) == 1


def test_a_message_one_has_deleted_for_good_is_not_told_of(people: People) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.carol])
    moving.move(fresh(message), to=Folder.TRASH, by=people.carol, at=later(1))
    moving.purge(fresh(message), by=people.carol, at=later(1))
    retrieve(message, by=people.bob)
    work(minutes=3)
    assert noticing.unseen_notices(people.carol) == []
