"""Pressing "Send Secure", through its page."""

from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from letterlock.domain.accounts.models import Invitation
from letterlock.domain.mailbox import drafting
from letterlock.domain.mailbox.models import Draft, Message
from letterlock.domain.mailbox.tidying import DraftChanges
from tests.cast import People, visit

htmx = {"hx-request": "true"}
stranger_address = "new@client.example"


def _draft(people: People, *to: str, subject: str = "Subject", html: str = "<p>Text</p>") -> Draft:
    draft = drafting.start_draft(by=people.alice, at=timezone.now())
    changes = DraftChanges(to=to, subject=subject, html=html)
    return drafting.save_draft(draft, changes=changes, version=draft.version, by=people.alice, at=timezone.now())


def _send(browser: Client, draft: Draft, key: UUID, **more: str) -> HttpResponse:
    given = {"version": str(draft.version), "idempotency_key": str(key), **more}
    return browser.post(f"/drafts/{draft.id}/sending/", given, headers=htmx)


def test_a_letter_that_was_sent_leads_to_its_slip(people: People) -> None:
    answer = _send(visit(people.alice), _draft(people, people.bob.address), uuid4())
    assert answer.headers["HX-Redirect"] == f"/messages/{Message.objects.get().id}/"


def test_a_second_press_leads_to_the_first_ones_message(people: People) -> None:
    browser, draft, key = visit(people.alice), _draft(people, people.bob.address), uuid4()
    first, second = _send(browser, draft, key), _send(browser, draft, key)
    assert second.headers["HX-Redirect"] == first.headers["HX-Redirect"]
    assert Message.objects.count() == 1


def test_new_people_are_asked_about_before_anything_is_sent(people: People) -> None:
    browser, draft, key = visit(people.alice), _draft(people, people.bob.address, stranger_address), uuid4()
    asked = _send(browser, draft, key)
    assert "New user detected" in asked.content.decode()
    assert stranger_address in asked.content.decode()
    assert people.bob.address not in asked.content.decode()
    assert (Message.objects.count(), Invitation.objects.count()) == (0, 0)
    assert "HX-Redirect" in _send(browser, draft, key, invite="yes").headers
    assert (Message.objects.count(), Invitation.objects.count()) == (1, 1)


def test_a_window_that_shows_an_older_version_sends_nothing(people: People) -> None:
    browser, draft = visit(people.alice), _draft(people, people.bob.address)
    older = Draft.objects.get(id=draft.id)
    older.version -= 1
    assert _send(browser, older, uuid4()).status_code == 409
    assert Message.objects.count() == 0


def test_a_plain_form_sends_what_it_shows(people: People) -> None:
    draft = _draft(people, people.bob.address)
    given = {"version": draft.version, "idempotency_key": uuid4(), "to": people.carol.address, "subject": "Changed"}
    answer = visit(people.alice).post(f"/drafts/{draft.id}/sending/", given)
    message = Message.objects.get()
    assert answer.headers["Location"] == f"/messages/{message.id}/"
    assert set(message.participations.values_list("account__address", flat=True)) == {
        people.alice.address,
        people.carol.address,
    }


@pytest.mark.parametrize("to", [(), ("no address",)])
def test_without_a_right_recipient_a_sentence_says_why(people: People, to: tuple[str, ...]) -> None:
    answer = _send(visit(people.alice), _draft(people, *to), uuid4())
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#refusals"
    assert Message.objects.count() == 0


def test_a_repeat_by_somebody_else_finds_nothing(people: People) -> None:
    draft, key = _draft(people, people.bob.address), uuid4()
    _send(visit(people.alice), draft, key)
    assert _send(visit(people.carol), draft, key).status_code == 404


@pytest.mark.parametrize(
    ("subject", "html", "lacks"),
    [
        ("", "<p>Text</p>", "no subject"),
        ("Subject", "<p> <br></p>", "no text"),
        ("", "", "neither a subject nor a text"),
    ],
)
def test_a_letter_that_lacks_something_is_asked_about_once(people: People, subject: str, html: str, lacks: str) -> None:
    browser, key = visit(people.alice), uuid4()
    draft = _draft(people, people.bob.address, subject=subject, html=html)
    asked = _send(browser, draft, key)
    assert f"This letter has {lacks}." in asked.content.decode()
    assert Message.objects.count() == 0
    assert "HX-Redirect" in _send(browser, draft, key, unfinished="yes").headers
    assert Message.objects.count() == 1


def test_nothing_is_asked_about_a_letter_that_cannot_be_sent(people: People) -> None:
    answer = _send(visit(people.alice), _draft(people, subject="", html=""), uuid4())
    assert answer.headers["HX-Retarget"] == "#refusals"


def test_a_plain_form_is_asked_one_thing_after_the_other(people: People) -> None:
    """Without scripts the question about new people carries the consent that was given before."""
    browser, draft = visit(people.alice), _draft(people, stranger_address, subject="")
    given = {"version": draft.version, "idempotency_key": uuid4(), "to": stranger_address, "subject": ""}
    first = browser.post(f"/drafts/{draft.id}/sending/", given).content.decode()
    assert "no subject" in first
    assert "New user detected" not in first
    second = browser.post(f"/drafts/{draft.id}/sending/", given | {"unfinished": "yes"}).content.decode()
    assert "New user detected" in second
    assert '<input type="hidden" name="unfinished" value="yes">' in second
