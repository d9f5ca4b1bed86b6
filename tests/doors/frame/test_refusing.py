"""One refusal, three forms: a page, a fragment, JSON; one status for each kind."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.handlers.exception import convert_exception_to_response
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from letterlock.doors.frame import refusing
from letterlock.foundation.kernel.refusals import Kind, Refusal
from tests.cast import People, Platforms, stranger, visit


class Refused(Refusal):
    code = "tests.refused"
    sentence = "The {thing} was not moved. It is where it was; try another one."


def request(**headers: str) -> Any:
    made = RequestFactory(headers={"host": "acme.localhost", **headers}).get("/", secure=True)
    made.htmx = HtmxDetails(made)
    return made


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_one_status(kind: Kind) -> None:
    refusal = type("Refused", (Refused,), {"kind": kind})(thing="<letter>")

    page, fragment = refusing.answer(request(), refusal), refusing.answer(request(hx_request="true"), refusal)

    assert page.status_code == fragment.status_code == refusing.STATUS[kind]
    assert page.status_code >= HTTPStatus.BAD_REQUEST


def test_a_page_says_the_sentence_and_escapes_what_it_names() -> None:
    page = refusing.answer(request(), Refused(thing="<letter>")).content.decode()

    assert "The &lt;letter&gt; was not moved. It is where it was; try another one." in page


def test_a_fragment_stands_where_refusals_stand() -> None:
    response = refusing.answer(request(hx_request="true"), Refused(thing="letter"))

    assert response["HX-Retarget"] == "#refusals"
    assert "<html" not in response.content.decode()


def test_a_script_is_given_the_code_and_plain_details_only() -> None:
    refusal = Refused(thing="letter", addresses=["a@x.example"], secret=object())
    response = refusing.answer(request(accept="application/json"), refusal)

    assert b'"code": "tests.refused"' in response.content
    assert b'"addresses": ["a@x.example"]' in response.content
    assert b"secret" not in response.content


@pytest.mark.parametrize(
    ("kind", "details", "said"),
    [
        (Kind.BUSY, {}, "5"),
        (Kind.LIMITED, {}, "60"),
        (Kind.LIMITED, {"retry_after": timedelta(seconds=90, milliseconds=1)}, "91"),
        (Kind.CONFLICT, {}, None),
    ],
)
def test_busy_and_limited_say_when_to_come_back(kind: Kind, details: dict[str, Any], said: str | None) -> None:
    refusal = type("Refused", (Refused,), {"kind": kind})(thing="letter", **details)

    assert refusing.answer(request(), refusal).get("Retry-After") == said


def test_not_there_is_a_page_with_a_way_back(people: People) -> None:
    response = visit(people.alice).get("/messages/01a20cb9-e50c-74de-bf01-ed010a75b280/")

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert 'href="/"' in response.content.decode()


def test_an_old_form_says_that_nothing_was_changed(platforms: Platforms) -> None:
    browser = stranger(platforms.acme)
    browser.handler.enforce_csrf_checks = True

    response = browser.post(
        "/sign-in/", {"address": "alice@acme.example"}, headers={"referer": "https://acme.localhost/"}
    )

    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "Nothing was changed" in response.content.decode()


@pytest.mark.parametrize("failure", [OperationalError, InterfaceError])
def test_a_store_out_of_reach_is_said_to_be_one_and_quotes_nothing(failure: type[Exception]) -> None:
    answering = refusing.RefusalsAsPages(lambda _request: HttpResponse())

    response: Any = answering.process_exception(request(), failure("could not connect to 10.0.0.7 as letterlock"))

    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert response["Retry-After"] == "5"
    assert "What was saved before is safe." in response.content.decode()
    assert "10.0.0.7" not in response.content.decode()


@pytest.mark.django_db
def test_a_table_that_is_not_there_is_a_defect_on_either_database() -> None:
    answering = refusing.RefusalsAsPages(lambda _request: HttpResponse())

    with pytest.raises(DatabaseError) as failed, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")

    assert answering.process_exception(request(), failed.value) is None


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (OperationalError("disk full"), HTTPStatus.SERVICE_UNAVAILABLE),
        (IntegrityError("a defect"), HTTPStatus.INTERNAL_SERVER_ERROR),
    ],
)
def test_a_store_that_fails_before_any_view_is_told_from_a_defect(failure: Exception, status: HTTPStatus) -> None:
    def look_up(_request: Any) -> HttpResponse:
        raise failure

    made = RequestFactory(headers={"host": "acme.localhost"}).get("/", secure=True)
    response = convert_exception_to_response(look_up)(made)

    assert response.status_code == status
    assert "disk full" not in response.content.decode()
