"""Signing in and out, through the pages."""

import pytest

from letterlock.domain.accounts.models import Session
from letterlock.doors.web.accounts.cookies import browser_cookie
from tests.cast import People, Platforms, password, stranger, visit

cookie = "__Host-letterlock"


def test_signing_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use(people: People) -> None:
    browser = stranger(people.alice.platform)
    answer = browser.post("/sign-in/", {"address": people.alice.address, "password": password})
    assert answer.status_code == 302
    for name in (cookie, browser_cookie):
        given = answer.cookies[name]
        assert given["secure"]
        assert given["httponly"]
        assert (given["samesite"], given["path"], given["domain"]) == ("Lax", "/", "")
    assert browser.get("/folders/inbox/").status_code == 200


def test_a_browsers_name_that_is_none_of_ours_is_replaced(people: People) -> None:
    browser = stranger(people.alice.platform)
    browser.cookies[browser_cookie] = "\N{LATIN SMALL LETTER E WITH ACUTE}" * 43
    answer = browser.post("/sign-in/", {"address": people.alice.address, "password": password})
    assert answer.cookies[browser_cookie].value.isascii()


def test_the_session_before_ends_when_the_same_browser_signs_in_again(people: People) -> None:
    browser = stranger(people.alice.platform)
    for account in (people.alice, people.carol):
        browser.post("/sign-in/", {"address": account.address, "password": password})
    assert Session.objects.filter(account=people.alice, ended_at=None).count() == 0
    assert Session.objects.filter(account=people.carol, ended_at=None).count() == 1


@pytest.mark.parametrize("address", ["alice@acme.example", "nobody@acme.example", "no address"])
def test_a_wrong_sign_in_tells_nothing_about_the_address(people: People, address: str) -> None:
    answer = stranger(people.alice.platform).post("/sign-in/", {"address": address, "password": "not this one"})
    assert answer.status_code == 422
    assert "do not belong together" in answer.content.decode()
    assert cookie not in answer.cookies


def test_a_password_is_never_written_back_into_the_page(people: People) -> None:
    answer = stranger(people.alice.platform).post(
        "/sign-in/", {"address": people.alice.address, "password": "a-marker-nobody-has"}
    )
    assert "a-marker-nobody-has" not in answer.content.decode()


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_never_leaves_the_host(people: People, wanted: str) -> None:
    given = {"address": people.alice.address, "password": password, "next": wanted}
    answer = stranger(people.alice.platform).post("/sign-in/", given)
    assert answer.headers["Location"] == "/"


def test_too_many_wrong_passwords_make_a_stranger_wait(people: People) -> None:
    browser = stranger(people.alice.platform)
    answers = [browser.post("/sign-in/", {"address": people.alice.address, "password": f"wrong {n}"}) for n in range(7)]
    assert answers[0].status_code == 422
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


def test_signing_out_ends_the_session_and_clears_the_browser(people: People) -> None:
    browser = visit(people.alice)
    answer = browser.post("/sign-out/")
    assert answer.cookies[cookie].value == ""
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert Session.objects.filter(account=people.alice, ended_at=None).count() == 0


def test_nobody_ends_somebody_elses_session(people: People) -> None:
    visit(people.carol)
    hers = Session.objects.get(account=people.carol)
    assert visit(people.alice).post(f"/account/sessions/{hers.id}/end/").status_code == 404
    hers.refresh_from_db()
    assert hers.ended_at is None


def test_all_others_end_at_once(people: People) -> None:
    here, _there = visit(people.alice), visit(people.alice)
    assert here.post("/account/sessions/end-others/").status_code == 302
    assert Session.objects.filter(account=people.alice, ended_at=None).count() == 1
    assert here.get("/account/").status_code == 200


def test_a_session_of_one_platform_is_nothing_on_the_other(people: People, platforms: Platforms) -> None:
    browser = visit(people.alice)
    elsewhere = stranger(platforms.globex)
    elsewhere.cookies[cookie] = browser.cookies[cookie].value
    answer = elsewhere.get("/folders/inbox/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")
