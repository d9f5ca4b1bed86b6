"""The headers every answer carries, and the requests that are not read at all."""

import pytest
from django.test import Client

from tests.cast import People, Platforms, stranger, visit

page_policy = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/", "/folders/inbox/", "/brand.css"])
def test_every_answer_carries_the_walls(platforms: Platforms, path: str) -> None:
    response = stranger(platforms.acme).get(path, secure=True)

    assert response["Content-Security-Policy"] == page_policy
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.usefixtures("stores")
def test_an_unknown_host_has_the_walls_too() -> None:
    response = Client(headers={"host": "elsewhere.example"}).get("/", secure=True)

    assert response.status_code == 404
    assert response["Content-Security-Policy"] == page_policy


@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/", "/folders/inbox/", "/password/reset/"])
def test_answers_to_somebody_signed_out_are_not_stored_either(platforms: Platforms, path: str) -> None:
    assert stranger(platforms.acme).get(path)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/folders/inbox/", "/nowhere/", "/changes/?since=0"])
def test_signed_in_answers_are_not_stored(people: People, path: str) -> None:
    assert visit(people.alice).get(path)["Cache-Control"] == "no-store"


def test_signing_out_clears_the_browser(people: People) -> None:
    response = visit(people.alice).post("/sign-out/")

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response["Cache-Control"] == "no-store"


def test_no_page_has_a_script_or_a_style_of_its_own(people: People) -> None:
    browser = visit(people.alice)
    for path in ("/folders/inbox/", "/account/", "/nowhere/"):
        page = browser.get(path).content.decode()
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page
        assert " onclick=" not in page
        assert "hx-on" not in page


@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_a_body_of_unknown_length_is_refused(people: People, method: str) -> None:
    browser = visit(people.alice)
    response = getattr(browser, method)("/drafts/", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")

    assert response.status_code == 411
    assert response["Content-Security-Policy"] == page_policy
