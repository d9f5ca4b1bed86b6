"""The page of a message: looking at it records nothing, and shows nobody what is not theirs."""

import re

import pytest

from letterlock.domain.accounts.models import Account, Retrieval
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.kernel import transactions
from tests.cast import People, visit
from tests.domain.mailbox.letters import send, words
from tests.doors.web.mailbox.doors import address_of, htmx, open_letter, place_of

sandbox = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("rest", ["", "recall/", "history/", "slip/"])
def test_looking_records_nothing(people: People, method: str, rest: str) -> None:
    message = send(people.alice, to=[people.bob])
    entries = Entry.objects.count()

    getattr(visit(people.bob), method)(address_of(message, rest))

    assert Entry.objects.count() == entries
    place = place_of(message, people.bob)
    assert place.is_unread
    assert place.reviewed_at is None
    assert place.retrieved_at is None


@pytest.mark.parametrize(
    ("name", "status"),
    [("alice", 200), ("bob", 200), ("carol", 404), ("dora", 404), ("mallory", 404), ("alice_at_globex", 404)],
)
def test_who_sees_the_page_of_a_message(people: People, name: str, status: int) -> None:
    message = send(people.alice, to=[people.bob], subject="Lease, signed")

    response = visit(people.by_name(name)).get(address_of(message))

    assert response.status_code == status
    assert ("Lease, signed" in response.content.decode()) is (status == 200)


def test_the_page_never_has_the_text(people: People) -> None:
    message = send(people.alice, to=[people.bob])

    assert words not in visit(people.bob).get(address_of(message)).content.decode()


def test_the_frame_never_allows_scripts(people: People) -> None:
    message = send(people.alice, to=[people.bob])

    page = visit(people.bob).get(address_of(message)).content.decode()

    assert re.findall(r'sandbox="([^"]*)"', page) == [sandbox, sandbox]
    assert "allow-scripts" not in page
    assert "srcdoc" not in page


@pytest.mark.parametrize(("retrieval", "opens"), [(Retrieval.AUTOMATIC, "letter"), (Retrieval.ON_REQUEST, "slip")])
def test_the_preference_says_what_opens_by_itself(people: People, retrieval: Retrieval, opens: str) -> None:
    message = send(people.alice, to=[people.bob])
    with transactions.writing():
        Account.objects.filter(id=people.bob.id).update(retrieval=retrieval)

    page = visit(people.bob).get(address_of(message)).content.decode()

    assert f'data-opens="{opens}"' in page
    assert "Retrieve" in page


def test_the_slip_comes_only_after_opening(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    browser = visit(people.bob)

    before = browser.get(address_of(message)).content.decode()
    refused = browser.get(address_of(message, "slip/"), headers=htmx)
    open_letter(message, browser)
    after = browser.get(address_of(message)).content.decode()

    assert 'class="stamp' not in before
    assert refused.status_code == 409
    assert 'class="stamp' in after


def test_htmx_is_given_the_reading_area_alone(people: People) -> None:
    message = send(people.alice, to=[people.bob], subject="Lease, signed")

    fragment = visit(people.bob).get(address_of(message), headers=htmx).content.decode()

    assert "<html" not in fragment
    assert "<title>Lease, signed · Acme Legal</title>" in fragment


def test_earlier_messages_are_there_by_reference(people: People) -> None:
    first = send(people.alice, to=[people.bob], subject="Lease")
    answer = send(people.bob, to=[people.alice], subject="Re: Lease", parent=first)

    page = visit(people.alice).get(address_of(answer)).content.decode()

    assert "One earlier message in this conversation" in page
    assert address_of(first) in page


def test_a_bcc_is_offered_no_reply_to_all_and_betrayed_by_nothing(people: People) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.dora], bcc=[people.carol])
    for account in (people.bob, people.carol):
        open_letter(message, visit(account))

    of_bob = visit(people.bob).get(address_of(message), headers=htmx).content.decode()
    of_carol = visit(people.carol).get(address_of(message), headers=htmx).content.decode()

    assert "Carol" not in of_bob
    assert "of 3" not in of_bob
    assert "Reply all" in of_bob
    assert "Reply all" not in of_carol
