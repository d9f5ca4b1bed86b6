"""Who is asking, and in which zone they are answered."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from letterlock.domain.accounts.models import Account, Session
from letterlock.doors.frame import signing
from letterlock.foundation.kernel import transactions
from tests.cast import People, stranger, visit

long_ago = timezone.now() - timezone.timedelta(hours=2)


def test_a_page_says_who_is_signed_in_where_and_as_what(people: People) -> None:
    page = visit(people.bob).get("/folders/inbox/").content.decode()

    assert "Bob Brennan" in page
    assert "Guest" in page
    assert "Acme Legal" in page


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "a" * 5000])
def test_a_cookie_that_is_no_session_is_nobody(people: People, cookie: str) -> None:
    browser = stranger(people.alice.platform)
    browser.cookies["__Host-letterlock"] = cookie

    assert browser.get("/folders/inbox/").status_code == 302


@pytest.mark.parametrize(("path", "keeps_alive"), [("/folders/inbox/", True), ("/changes/?since=0", False)])
def test_only_people_keep_a_session_alive(people: People, path: str, *, keeps_alive: bool) -> None:
    browser = visit(people.alice)
    with transactions.writing():
        Session.objects.update(last_seen_at=long_ago)

    browser.get(path)

    assert (Session.objects.get().last_seen_at > long_ago) is keeps_alive


@pytest.mark.parametrize(
    ("preferred", "reported", "zone", "source"),
    [
        ("Europe/Lisbon", "America/New_York", "Europe/Lisbon", "preference"),
        ("", "America/New_York", "America/New_York", "browser"),
        ("", "", "UTC", "default"),
        ("Europe/Atlantis", "America/New_York", "America/New_York", "browser"),
        ("", "Mars/Olympus", "UTC", "default"),
        ("", "../../etc/passwd", "UTC", "default"),
    ],
)
def test_times_are_in_the_preferred_zone_then_the_browsers(
    preferred: str, reported: str, zone: str, source: str
) -> None:
    assert signing.zone_for(Account(time_zone=preferred), reported) == (ZoneInfo(zone), source)
