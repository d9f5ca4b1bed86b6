"""The folders: rows, counts, what an empty one says."""

import re
from datetime import timedelta

import pytest

from tests.cast import People, visit
from tests.domain.mailbox.letters import send, sent_at
from tests.doors.web.mailbox.doors import htmx


def rows_in(page: str) -> list[str]:
    return re.findall(r'id="row-([0-9a-f-]{36})"', page)


def test_home_is_the_inbox(people: People) -> None:
    assert visit(people.alice).get("/")["Location"] == "/folders/inbox/"


@pytest.mark.parametrize(
    ("name", "folder", "sees_it"),
    [
        ("alice", "sent", True),
        ("alice", "inbox", False),
        ("bob", "inbox", True),
        ("carol", "inbox", False),
        ("dora", "inbox", False),
        ("mallory", "inbox", False),
        ("alice_at_globex", "sent", False),
    ],
)
def test_who_finds_a_message_where(people: People, name: str, folder: str, *, sees_it: bool) -> None:
    message = send(people.alice, to=[people.bob], subject="Lease, signed")

    page = visit(people.by_name(name)).get(f"/folders/{folder}/").content.decode()

    assert (str(message.id) in page) is sees_it
    assert ("Lease, signed" in page) is sees_it


def test_subjects_are_escaped(people: People) -> None:
    send(people.alice, to=[people.bob], subject="<img src=x onerror=alert(1)>")

    page = visit(people.bob).get("/folders/inbox/").content.decode()

    assert "&lt;img src=x" in page
    assert "<img" not in page


def test_the_title_counts_what_is_unread(people: People) -> None:
    send(people.alice, to=[people.bob])

    page = visit(people.bob).get("/folders/inbox/").content.decode()

    assert "<title>Inbox, 1 unread · Acme Legal</title>" in page


@pytest.mark.parametrize("folder", ["inbox", "drafts", "sent", "archive", "trash"])
def test_an_empty_folder_says_what_would_be_here(people: People, folder: str) -> None:
    page = visit(people.bob).get(f"/folders/{folder}/").content.decode()

    assert 'class="empty__title"' in page
    assert rows_in(page) == []


def test_guests_are_not_offered_to_write(people: People) -> None:
    assert "New message" not in visit(people.bob).get("/folders/inbox/").content.decode()
    assert "New message" in visit(people.alice).get("/folders/inbox/").content.decode()


def test_an_unknown_folder_is_not_there(people: People) -> None:
    assert visit(people.alice).get("/folders/library/").status_code == 404


def test_older_rows_follow_without_gap_or_double(people: People) -> None:
    sent = [send(people.alice, to=[people.bob], at=sent_at + timedelta(minutes=number)) for number in range(53)]
    browser = visit(people.bob)

    first = browser.get("/folders/inbox/").content.decode()
    (older,) = re.findall(r'hx-get="(/folders/inbox/\?after=[^"]+)"', first)
    second = browser.get(older, headers=htmx).content.decode()

    found = rows_in(first) + rows_in(second)
    assert found == [str(message.id) for message in reversed(sent)]
    assert "<html" not in second
    assert "after=" not in second


def test_a_list_fetched_anew_keeps_the_rows_that_were_shown(people: People) -> None:
    for number in range(53):
        send(people.alice, to=[people.bob], at=sent_at + timedelta(minutes=number))

    anew = visit(people.bob).get("/folders/inbox/?shown=53", headers=htmx).content.decode()

    assert len(rows_in(anew)) == 53
    assert visit(people.bob).get(f"/folders/inbox/?shown={'9' * 5000}", headers=htmx).status_code == 200
