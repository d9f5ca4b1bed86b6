"""A forgotten password, through the pages."""

import re

import pytest

from letterlock.domain.accounts.models import Challenge
from tests.cast import People, stranger


@pytest.mark.parametrize("address", ["alice@acme.example", "nobody@acme.example"])
def test_the_answer_is_the_same_whether_there_is_an_account(people: People, address: str) -> None:
    browser = stranger(people.alice.platform)
    answer = browser.post("/password/reset/", {"address": address})
    assert answer.status_code == 302
    assert re.fullmatch(r"/password/reset/code/\?challenge=[0-9a-f-]{36}", answer.headers["Location"])
    page = browser.get(answer.headers["Location"])
    assert page.status_code == 200
    assert address not in page.content.decode()


def test_a_code_page_without_a_challenge_begins_anew(people: People) -> None:
    answer = stranger(people.alice.platform).get("/password/reset/code/?challenge=nonsense")
    assert answer.headers["Location"] == "/password/reset/"


def test_an_address_that_is_none_is_named(people: People) -> None:
    page = stranger(people.alice.platform).post("/password/reset/", {"address": "no address"})
    assert page.status_code == 422
    assert 'id="address-errors"' in page.content.decode()
    assert Challenge.objects.count() == 0


def test_the_code_is_asked_for_again_only_from_the_same_browser(people: People) -> None:
    browser = stranger(people.alice.platform)
    browser.post("/password/reset/", {"address": people.alice.address})
    challenge = Challenge.objects.get()
    again = f"/codes/{challenge.id}/again/"
    assert stranger(people.alice.platform).post(again).status_code == 410
    assert browser.post(again, {"next": "https://evil.example/"}).headers["Location"] == "/"
    challenge.refresh_from_db()
    assert challenge.generation == 2
