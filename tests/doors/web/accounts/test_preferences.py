"""The account page."""

import pytest

from letterlock.domain.accounts.models import Retrieval
from tests.cast import People, password, stranger, visit

given = {"name": "Alice Ashdown", "time_zone": "Asia/Tokyo", "retrieval": "on request"}


def test_preferences_are_kept(people: People) -> None:
    assert visit(people.alice).post("/account/", given).status_code == 302
    people.alice.refresh_from_db()
    assert people.alice.time_zone == "Asia/Tokyo"
    assert people.alice.retrieval == Retrieval.ON_REQUEST
    assert people.alice.wants_first_access_mail is False


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": ""}, "name"), ({"name": "a\u202eb"}, "name"), ({"time_zone": "Mars/Base"}, "time_zone")],
)
def test_a_wrong_preference_is_refused_beside_its_field(people: People, wrong: dict[str, str], field: str) -> None:
    page = visit(people.alice).post("/account/", given | wrong)
    assert page.status_code == 422
    assert f'id="{field}-errors"' in page.content.decode()
    people.alice.refresh_from_db()
    assert people.alice.time_zone == ""


@pytest.mark.parametrize(
    ("old", "new", "field"), [("another one", "some fresh words", "old"), (password, "short", "new"), ("", "x", "old")]
)
def test_a_password_is_changed_only_with_the_old_one_and_to_a_good_one(
    people: People, old: str, new: str, field: str
) -> None:
    page = visit(people.alice).post("/account/password/", {"old": old, "new": new})
    assert page.status_code == 422
    assert f'id="{field}-errors"' in page.content.decode()


def test_guessing_the_old_password_in_a_session_is_stopped(people: People) -> None:
    browser = visit(people.alice)
    tries = [browser.post("/account/password/", {"old": f"wrong {n}", "new": "some fresh words"}) for n in range(6)]
    assert [answer.status_code for answer in tries] == [422] * 5 + [429]
    assert int(tries[-1].headers["Retry-After"]) > 0
    assert "There were too many tries" in tries[-1].content.decode()


def test_a_changed_password_is_the_one_that_signs_in(people: People) -> None:
    assert (
        visit(people.alice).post("/account/password/", {"old": password, "new": "some fresh words"}).status_code == 302
    )
    browser = stranger(people.alice.platform)
    sign_in = {"address": people.alice.address, "password": "some fresh words"}
    assert browser.post("/sign-in/", sign_in).status_code == 302


@pytest.mark.parametrize("path", ["/account/", "/people/?q=a", "/drafts/"])
def test_a_stranger_is_led_to_the_sign_in_page(people: People, path: str) -> None:
    browser = stranger(people.alice.platform)
    answer = browser.post(path) if path == "/drafts/" else browser.get(path)
    assert answer.headers["Location"].startswith("/sign-in/?next=")
