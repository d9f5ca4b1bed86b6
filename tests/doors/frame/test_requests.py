"""The way in for signed-in people, and back to where they were going."""

import pytest
from django.test import RequestFactory

from letterlock.doors.frame.requests import safe_next
from tests.cast import Platforms, stranger


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        ("/folders/sent/?after=x", "/folders/sent/?after=x"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("\\\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/%09/evil.example", "/%09/evil.example"),
        ("/\t/evil.example", "/"),
        ("folders/inbox/", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_next_never_leaves_the_host(wanted: str | None, taken: str) -> None:
    request = RequestFactory(headers={"host": "acme.localhost"}).get("/sign-in/", secure=True)

    assert safe_next(request, wanted) == taken


def test_strangers_are_led_to_the_sign_in_page_and_back(platforms: Platforms) -> None:
    response = stranger(platforms.acme).get("/folders/sent/?after=x")

    assert response.status_code == 302
    assert response["Location"] == "/sign-in/?next=%2Ffolders%2Fsent%2F%3Fafter%3Dx"


def test_a_script_is_told_that_it_is_signed_out(platforms: Platforms) -> None:
    response = stranger(platforms.acme).get("/changes/?since=3", headers={"accept": "application/json"})

    assert response.status_code == 401
    assert response.json()["code"] == "frame.signed_out"


def test_htmx_leaves_the_whole_page_for_the_sign_in_page(platforms: Platforms) -> None:
    asked = {"hx-request": "true", "hx-current-url": "https://acme.localhost/folders/inbox/"}
    response = stranger(platforms.acme).get("/folders/", headers=asked, secure=True)

    assert response["HX-Redirect"] == "/sign-in/?next=%2Ffolders%2Finbox%2F"


def test_the_letters_frame_never_shows_the_sign_in_page(platforms: Platforms) -> None:
    message = "/messages/01a20cb9-e50c-74de-bf01-ed010a75b280/openings/"
    response = stranger(platforms.acme).post(message, headers={"sec-fetch-dest": "iframe"})

    assert response.status_code == 401
    assert "<form" not in response.content.decode()
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
