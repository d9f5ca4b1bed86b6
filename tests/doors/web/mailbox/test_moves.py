"""One's own order: nobody else sees it, and deleting for good asks first."""

import pytest

from letterlock.domain.mailbox.models import Folder
from tests.cast import People, visit
from tests.domain.mailbox.letters import send
from tests.doors.web.mailbox.doors import address_of, htmx, open_letter, place_of


@pytest.mark.parametrize("folder", ["archive", "trash"])
def test_a_message_is_found_where_it_was_put(people: People, folder: str) -> None:
    message = send(people.alice, to=[people.bob])
    browser = visit(people.bob)

    response = browser.post(address_of(message, "moves/"), {"folder": folder})

    assert response["Location"] == "/folders/inbox/"
    assert str(message.id) in browser.get(f"/folders/{folder}/").content.decode()
    assert str(message.id) not in browser.get("/folders/inbox/").content.decode()
    assert place_of(message, people.alice).folder == Folder.SENT


def test_htmx_stays_on_the_page_and_is_told_what_happened(people: People) -> None:
    message = send(people.alice, to=[people.bob])

    response = visit(people.bob).post(address_of(message, "moves/"), {"folder": "archive"}, headers=htmx)

    assert response["HX-Push-Url"] == "/folders/inbox/"
    assert "Moved to Archive." in response["HX-Trigger"]
    assert 'id="reading"' in response.content.decode()


@pytest.mark.parametrize("folder", ["", "drafts", "library", "sent"])
def test_only_ones_own_folders_take_a_message(people: People, folder: str) -> None:
    message = send(people.alice, to=[people.bob])

    response = visit(people.bob).post(address_of(message, "moves/"), {"folder": folder})

    assert response.status_code in {404, 422}
    assert place_of(message, people.bob).folder == Folder.INBOX


@pytest.mark.parametrize("rest", ["moves/", "marks/", "deletion/"])
@pytest.mark.parametrize("name", ["carol", "dora", "mallory", "alice_at_globex"])
def test_strangers_move_nothing(people: People, name: str, rest: str) -> None:
    message = send(people.alice, to=[people.bob])

    assert visit(people.by_name(name)).post(address_of(message, rest), {"folder": "trash"}).status_code == 404


def test_a_message_can_stand_out_again(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    browser = visit(people.bob)
    open_letter(message, browser)

    browser.post(address_of(message, "marks/"))

    assert place_of(message, people.bob).is_unread


def test_deleting_for_good_asks_first_and_only_from_trash(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    browser = visit(people.bob)

    assert browser.post(address_of(message, "deletion/")).status_code == 409
    browser.post(address_of(message, "moves/"), {"folder": "trash"})
    asked = browser.get(address_of(message, "deletion/"), headers=htmx).content.decode()
    assert "cannot be brought back" in asked
    assert browser.post(address_of(message, "deletion/")).status_code == 302

    assert browser.get(address_of(message)).status_code == 404
    assert visit(people.alice).get(address_of(message)).status_code == 200
