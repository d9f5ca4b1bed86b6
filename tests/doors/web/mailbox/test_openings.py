"""Opening: the one request that hands out the slip or the text, and its document's own walls."""

import pytest

from letterlock.domain.mailbox import recalling
from letterlock.domain.mailbox.events import MailboxEvent
from tests.cast import People, visit
from tests.domain.mailbox.letters import later, send, words
from tests.doors.web.mailbox.doors import address_of, count, open_letter, open_slip, place_of

letter_policy = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)


@pytest.mark.parametrize(
    ("name", "status"),
    [("alice", 200), ("bob", 200), ("carol", 404), ("dora", 404), ("mallory", 404), ("alice_at_globex", 404)],
)
def test_who_can_open_a_message(people: People, name: str, status: int) -> None:
    message = send(people.alice, to=[people.bob])

    response = open_letter(message, visit(people.by_name(name)))

    assert response.status_code == status
    assert (words in response.content.decode()) is (status == 200)


def test_the_letter_has_its_own_policy_and_is_not_kept(people: People) -> None:
    message = send(people.alice, to=[people.bob])

    response = open_letter(message, visit(people.bob))

    assert response["Content-Security-Policy"] == letter_policy
    assert response["Cache-Control"] == "no-store"
    assert "<script" not in response.content.decode()


def test_where_a_link_leads_is_shown_in_the_order_it_is_written(people: People) -> None:
    """In a line from right to left `https://evil.example/א/acme.example` would begin with `acme.example`."""
    message = send(people.alice, to=[people.bob], html='<a dir="rtl" href="https://evil.example/א/acme.example">x</a>')

    page = open_letter(message, visit(people.bob)).content.decode()

    assert "a::after { direction: ltr; unicode-bidi: bidi-override; }" in page


def test_every_opening_is_recorded_with_its_program(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    browser = visit(people.bob)

    for _again in range(3):
        open_letter(message, browser)

    assert count(message, MailboxEvent.MESSAGE_RETRIEVED) == 3
    assert count(message, MailboxEvent.MESSAGE_REVIEWED) == 0


def test_the_slip_alone_is_reviewed_not_retrieved(people: People) -> None:
    message = send(people.alice, to=[people.bob])

    response = open_slip(message, visit(people.bob))

    page = response.content.decode()
    assert "Reviewed" in page
    assert words not in page
    assert count(message, MailboxEvent.MESSAGE_REVIEWED) == 1
    assert count(message, MailboxEvent.MESSAGE_RETRIEVED) == 0


def test_without_scripts_the_slip_opens_as_a_page(people: People) -> None:
    message = send(people.alice, to=[people.bob])

    response = visit(people.bob).post(address_of(message, "openings/"), {"view": "slip"})

    assert response.status_code == 302
    assert response["Location"] == address_of(message)


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_a_post_opens(people: People, method: str) -> None:
    message = send(people.alice, to=[people.bob])

    response = getattr(visit(people.bob), method)(address_of(message, "openings/?view=letter"), data={"view": "letter"})

    assert response.status_code == 405
    assert place_of(message, people.bob).retrieved_at is None


def test_only_our_own_pages_can_open(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    browser = visit(people.bob)
    browser.handler.enforce_csrf_checks = True

    response = open_letter(message, browser)

    assert response.status_code == 403
    assert place_of(message, people.bob).retrieved_at is None


def test_a_recalled_letter_says_so_in_its_frame(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later())

    asked = {"sec-fetch-dest": "iframe"}
    response = visit(people.bob).post(address_of(message, "openings/"), {"view": "letter"}, headers=asked)

    assert response.status_code == 410
    assert words not in response.content.decode()
    assert "recalled by the sender" in response.content.decode()
    assert response["Content-Security-Policy"] == letter_policy
