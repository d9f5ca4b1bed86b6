"""First accesses, said in the page."""

from letterlock.domain.notices import noticing
from letterlock.foundation.kernel import transactions
from tests.cast import People, visit
from tests.domain.mailbox.letters import later, send
from tests.doors.web.mailbox.doors import htmx, place_of, read


def tell_of(message, reader) -> None:
    with transactions.writing():
        noticing.notice_access(place_of(message, reader), at=later())


def test_a_first_access_is_listed_and_counted(people: People) -> None:
    message = send(people.alice, to=[people.bob], subject="Lease, signed")
    read(message, people.bob)
    tell_of(message, people.bob)

    page = visit(people.alice).get("/folders/inbox/").content.decode()

    assert "Bob Brennan opened “Lease, signed” for the first time" in page
    assert 'id="notices-count" >1</b>' in page


def test_seeing_the_list_marks_exactly_what_was_listed(people: People) -> None:
    first, second = send(people.alice, to=[people.bob]), send(people.alice, to=[people.bob])
    for message in (first, second):
        read(message, people.bob)
        tell_of(message, people.bob)
    listed = noticing.unseen_notices(people.alice)[0]

    fragment = visit(people.alice).post("/notices/", {"notice": [str(listed.id), "no id"]}, headers=htmx)

    assert [notice.id == listed.id for notice in noticing.unseen_notices(people.alice)] == [False]
    assert 'hx-swap-oob="true"' in fragment.content.decode()


def test_nobody_marks_somebody_elses_notices(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    read(message, people.bob)
    tell_of(message, people.bob)
    listed = noticing.unseen_notices(people.alice)[0]

    visit(people.carol).post("/notices/", {"notice": str(listed.id)})

    assert noticing.count_unseen(people.alice) == 1
