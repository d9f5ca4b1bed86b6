"""Printing: the browser does it and reports it."""

import pytest

from letterlock.domain.mailbox import recalling
from letterlock.domain.mailbox.events import MailboxEvent
from tests.cast import People, visit
from tests.domain.mailbox.letters import later, send
from tests.doors.web.mailbox.doors import address_of, count, place_of, read


@pytest.mark.parametrize(
    ("name", "status"),
    [("alice", 204), ("bob", 204), ("carol", 404), ("dora", 404), ("mallory", 404), ("alice_at_globex", 404)],
)
def test_who_can_report_a_printing(people: People, name: str, status: int) -> None:
    message = send(people.alice, to=[people.bob])
    read(message, people.bob)

    response = visit(people.by_name(name)).post(address_of(message, "printings/"))

    assert response.status_code == status
    assert count(message, MailboxEvent.MESSAGE_PRINTED) == (status == 204)


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_reports_no_printing(people: People, method: str) -> None:
    message = send(people.alice, to=[people.bob])
    read(message, people.bob)

    assert getattr(visit(people.bob), method)(address_of(message, "printings/")).status_code == 405
    assert place_of(message, people.bob).printed_at is None


def test_only_our_own_pages_report_a_printing(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    read(message, people.bob)
    browser = visit(people.bob)
    browser.handler.enforce_csrf_checks = True

    assert browser.post(address_of(message, "printings/")).status_code == 403
    assert place_of(message, people.bob).printed_at is None


def test_a_page_is_told_in_a_sentence_why_it_shall_not_print(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    read(message, people.bob)
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later())

    answer = visit(people.bob).post(address_of(message, "printings/"), headers={"accept": "application/json"})

    assert answer.status_code == 410
    assert "recalled by the sender" in answer.json()["sentence"]
