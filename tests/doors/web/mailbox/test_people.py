"""Completion and verdicts, through their pages."""

from uuid import uuid4

import pytest
from django.utils import timezone

from letterlock.domain.mailbox import drafting, sending, tidying
from letterlock.domain.mailbox.models import DraftKind, Message
from tests.cast import People, visit


def _sent_to_bob(people: People) -> Message:
    draft = drafting.start_draft(by=people.alice, at=timezone.now())
    changes = tidying.DraftChanges(to=(people.bob.address,), subject="x", html="<p>x</p>")
    draft = drafting.save_draft(draft, changes=changes, version=1, by=people.alice, at=timezone.now())
    return sending.send_draft(draft, idempotency_key=uuid4(), invite=False, by=people.alice, at=timezone.now())


def _check(people: People, name: str, **fields: str) -> dict[str, object]:
    account = people.by_name(name)
    parent = _sent_to_bob(people)
    draft = drafting.start_reply(parent, kind=DraftKind.REPLY, by=account, at=timezone.now())
    told: dict[str, object] = visit(account).post(f"/drafts/{draft.id}/recipients/", fields).json()
    return told


def test_each_recipient_has_a_verdict_in_the_order_typed(people: People) -> None:
    told = _check(people, "alice", to="bob@client.example, x@@y", cc="new@client.example")
    verdicts = told["verdicts"]
    assert isinstance(verdicts, list)
    assert [(one["typed"], one["state"], one["name"]) for one in verdicts] == [
        ("bob@client.example", "known", "Bob Brennan"),
        ("x@@y", "invalid", ""),
        ("new@client.example", "new", ""),
    ]
    assert told["line"] == (
        "You can recall it from all 2 people, also after it was opened. No account yet, so invited: new@client.example."
    )


def test_many_new_people_are_named_by_three_and_a_number(people: People) -> None:
    told = _check(people, "alice", to=", ".join(f"new{number}@client.example" for number in range(5)))
    assert str(told["line"]).endswith(
        "No accounts yet, so invited: new0@client.example, new1@client.example, new2@client.example and 2 more."
    )


def test_a_guest_is_told_whom_to_write_to_and_of_no_recall(people: People) -> None:
    told = _check(people, "bob", to="alice@acme.example, carol@acme.example, new@client.example")
    verdicts = told["verdicts"]
    assert isinstance(verdicts, list)
    assert [one["state"] for one in verdicts] == ["known", "refused", "refused"]
    assert "Alice Ashdown" in verdicts[1]["sentence"]
    assert told["line"] == "It is sealed for one person."


@pytest.mark.parametrize(("name", "found"), [("alice", ["bob@client.example"]), ("carol", []), ("mallory", [])])
def test_completion_offers_people_one_has_written_with(people: People, name: str, found: list[str]) -> None:
    _sent_to_bob(people)
    told = visit(people.by_name(name)).get("/people/", {"q": "bo"}).json()
    assert [person["address"] for person in told["people"]] == found
