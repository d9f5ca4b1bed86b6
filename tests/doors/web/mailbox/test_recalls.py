"""Taking back, through the door."""

import pytest

from letterlock.domain.mailbox.models import Draft, Recall
from tests.cast import People, visit
from tests.domain.mailbox.letters import send, words
from tests.doors.web.mailbox.doors import address_of, htmx, open_letter, read


def test_the_window_says_what_is_final_and_who_has_it(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    read(message, people.bob)

    asked = visit(people.alice).get(address_of(message, "recall/"), headers=htmx).content.decode()

    assert "their keys to it are destroyed. This is final." in asked
    assert "1 of 1 have retrieved it already" in asked
    assert "Destroy my copy as well" in asked
    assert "Recall and correct" in asked


def test_recipients_find_subject_notice_and_reason_only(people: People) -> None:
    message = send(people.alice, to=[people.bob], subject="Lease, signed")

    response = visit(people.alice).post(address_of(message, "recall/"), {"reason": "Wrong <file>."})
    page = visit(people.bob).get(address_of(message)).content.decode()

    assert response["Location"] == address_of(message)
    assert "Lease, signed" in page
    assert "This message was recalled by the sender" in page
    assert "Wrong &lt;file&gt;." in page
    assert open_letter(message, visit(people.bob)).status_code == 410
    assert words in open_letter(message, visit(people.alice)).content.decode()


def test_the_own_copy_goes_too_when_asked(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    browser = visit(people.alice)

    browser.post(address_of(message, "recall/"), {"destroy_own_copy": "on"})

    assert open_letter(message, browser).status_code == 410
    assert "<iframe" not in browser.get(address_of(message)).content.decode()


@pytest.mark.parametrize(("name", "status"), [("bob", 404), ("carol", 404), ("dora", 404), ("mallory", 404)])
def test_nobody_else_recalls(people: People, name: str, status: int) -> None:
    message = send(people.alice, to=[people.bob])

    if name == "bob":
        read(message, people.bob)
    browser = visit(people.by_name(name))

    assert browser.get(address_of(message, "recall/")).status_code == status
    assert browser.post(address_of(message, "recall/")).status_code == status
    assert not Recall.objects.exists()


def test_twice_is_a_sentence_not_an_error(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    browser = visit(people.alice)
    browser.post(address_of(message, "recall/"))

    again = browser.post(address_of(message, "recall/"))

    assert again.status_code == 409
    assert "already recalled" in again.content.decode()


def test_the_history_names_who_took_it_back(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    visit(people.alice).post(address_of(message, "recall/"), {})

    history = visit(people.alice).get(address_of(message, "history/"), headers=htmx).content.decode()

    assert "<td>Recalled by the sender</td><td>Alice Ashdown (you)</td>" in history


def test_recall_and_correct_leads_to_a_draft_with_the_same_text(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    browser = visit(people.alice)

    response = browser.post(address_of(message, "recall/"), {"correct": "1", "destroy_own_copy": "on"})

    draft = Draft.objects.get(author=people.alice)
    assert response["Location"] == f"/drafts/{draft.id}/"
    assert "Recalled. The recipients can no longer open it" in browser.get(response["Location"]).content.decode()
    assert draft.to == ["bob@client.example"]
    assert Recall.objects.filter(message=message).exists()


def test_when_the_recall_is_refused_no_draft_is_left_behind(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    browser = visit(people.alice)
    browser.post(address_of(message, "recall/"))

    browser.post(address_of(message, "recall/"), {"correct": "1"})

    assert not Draft.objects.exists()


@pytest.mark.parametrize(("sender", "reason"), [("alice", "x" * 1_001), ("bob", "A guest cannot recall.")])
def test_a_refusal_after_the_copy_was_made_takes_the_copy_back(people: People, sender: str, reason: str) -> None:
    message = send(people.by_name(sender), to=[people.carol])
    browser = visit(people.by_name(sender))

    refused = browser.post(address_of(message, "recall/"), {"correct": "1", "reason": reason})

    assert refused.status_code in {403, 422}
    assert not Draft.objects.exists()
    assert not Recall.objects.exists()
