"""Answering: a draft that knows what it answers."""

import pytest

from letterlock.domain.mailbox.models import Draft, DraftKind
from tests.cast import People, visit
from tests.domain.mailbox.letters import send
from tests.doors.web.mailbox.doors import address_of, open_letter


@pytest.mark.parametrize("kind", [DraftKind.REPLY, DraftKind.REPLY_ALL])
def test_a_reply_is_a_draft_of_its_kind(people: People, kind: DraftKind) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.carol])
    browser = visit(people.bob)
    open_letter(message, browser)

    response = browser.post(address_of(message, "replies/"), {"kind": kind.value})

    draft = Draft.objects.get(author=people.bob)
    assert draft.kind == kind
    assert response["Location"] == f"/drafts/{draft.id}/"


def test_strangers_answer_nothing(people: People) -> None:
    message = send(people.alice, to=[people.bob])

    assert visit(people.carol).post(address_of(message, "replies/"), {"kind": "reply"}).status_code == 404
    assert not Draft.objects.exists()


def test_going_back_to_an_answer_that_was_begun_says_so(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    browser = visit(people.bob)
    open_letter(message, browser)
    first = browser.post(address_of(message, "replies/"), {"kind": "reply"})
    assert "had begun" not in browser.get(first["Location"]).content.decode()
    browser.post(first["Location"], {"version": 1, "text": "Half of a"})

    again = browser.post(address_of(message, "replies/"), {"kind": "reply"}, follow=True)

    assert again.redirect_chain[0][0] == first["Location"]
    assert "This is the answer you had begun." in again.content.decode()
