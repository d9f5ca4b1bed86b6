"""The host name says which platform; every other host finds nothing."""

import pytest
from django.test import Client
from pytest_django import Settings

from letterlock.domain.platforms.models import HostName
from letterlock.foundation.kernel import transactions
from tests.cast import People, Platforms, stranger, visit


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost", "acme.localhost.evil.example", "ACME", "a b", "%"])
def test_an_unknown_host_is_told_nothing(platforms: Platforms, host: str) -> None:
    response = Client(headers={"host": host}).get("/sign-in/", secure=True)

    assert response.status_code == 404
    page = response.content.decode().lower()
    assert "letterlock" not in page
    assert platforms.acme.name.lower() not in page
    assert "sign" not in page


@pytest.mark.parametrize("host", ["acme.localhost", "ACME.localhost", "acme.localhost:8443", "acme.localhost."])
def test_a_platform_answers_to_its_host(platforms: Platforms, host: str) -> None:
    response = Client(headers={"host": host}).get("/sign-in/", secure=True)

    assert response.status_code == 200
    assert platforms.acme.name in response.content.decode()
    assert platforms.globex.name not in response.content.decode()


def test_a_former_host_leads_to_the_one_in_use(platforms: Platforms) -> None:
    with transactions.writing():
        HostName.objects.create(name="acme.localhost.example", platform=platforms.acme, is_current=False)

    response = Client(headers={"host": "acme.localhost.example"}).get("/folders/inbox/?after=x", secure=True)

    assert response.status_code == 302
    assert response["Location"] == "https://acme.localhost/folders/inbox/?after=x"


def test_a_session_of_one_platform_is_nothing_on_another(people: People, platforms: Platforms) -> None:
    cookie = visit(people.alice).cookies["__Host-letterlock"].value
    elsewhere = stranger(platforms.globex)
    elsewhere.cookies["__Host-letterlock"] = cookie

    response = elsewhere.get("/folders/inbox/")

    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


def test_an_unknown_host_has_no_static_files(platforms: Platforms) -> None:
    known, unknown = (Client(headers={"host": host}) for host in ("acme.localhost", "elsewhere.example"))
    script = "/static/built/compose.js"
    assert unknown.head(script, secure=True).status_code == 404
    assert b"".join(unknown.get(script, secure=True)) == unknown.get("/", secure=True).content
    assert known.head(script, secure=True).status_code == 200


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_no_page_over_a_plain_line(platforms: Platforms, method: str) -> None:
    response = getattr(Client(headers={"host": "acme.localhost"}), method)("/sign-in/")

    assert response.status_code == 403
    assert b"<form" not in response.content


@pytest.mark.parametrize(("trusted", "status"), [(["127.0.0.1"], 200), (["10.0.0.0/8"], 403), ([], 403)])
def test_only_a_trusted_proxy_says_that_the_line_is_encrypted(
    platforms: Platforms, settings: Settings, trusted: list[str], status: int
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.LETTERLOCK_TRUSTED_PROXIES = trusted

    browser = Client(headers={"host": "acme.localhost", "x-forwarded-proto": "https"})

    assert browser.get("/sign-in/").status_code == status
