"""Asking as somebody, and what to say of the answer."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from letterlock.doors.frame import platforming
from tests.cast import Browser
from tests.doors.matrix.rows import Answer, Row
from tests.doors.matrix.walking import Page
from tests.doors.matrix.world import Thing, png

#: Parameters of addresses that are no id: what stands in them for something that is not there.
absent = {"token": "A" * 43, "folder": "nowhere"}
#: What stands in an address's question, for the pages that are told there what is meant.
asked = {
    "accounts:reset-code": ("challenge", "challenge_id"),
    "accounts:invitation-code": ("challenge", "challenge_id"),
    "mailbox:code": ("code", "code"),
}
#: As a page, for htmx, and for a script: a refusal has a form for each.
manners: tuple[Mapping[str, str], ...] = ({}, {"hx-request": "true"}, {"accept": "application/json"})
_token = re.compile(rb'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": ?)"[^"]*"')
_csrf_header = re.compile(rb"hx-headers='[^']*'")
unlike = {"Set-Cookie", "Content-Length"}


def address_of(page: Page, thing: Thing) -> str:
    """The address of this thing."""
    path = reverse(page.name, kwargs={name: thing[name] for name in page.parameters})
    if page.name not in asked:
        return path
    name, key = asked[page.name]
    return f"{path}?{urlencode({name: thing[key]})}"


def missing(page: Page, thing: Thing) -> list[Thing]:
    """The same with one name after the other that belongs to nothing; with none, an address that is nobody's."""
    return [thing | {name: absent.get(name) or uuid4()} for name in sorted(page.parameters)]


def ask(
    browser: Browser, method: str, path: str, given: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
) -> Any:
    """What the browser is answered. Bodies are read as forms are posted."""
    if method == "POST":
        return browser.post(path, dict(given), headers=headers)
    if method in {"PUT", "PATCH"}:
        return getattr(browser, method.lower())(path, b"{}", "application/json", headers=headers)
    return getattr(browser, method.lower())(path, headers=headers)


def form_of(row: Row, thing: Thing) -> dict[str, Any]:
    """What the row posts, with what it takes from the thing."""
    fresh = {"file": lambda: SimpleUploadedFile("x.png", png, "image/png"), "key": lambda: str(uuid4())}
    return {name: _filled(value, thing, fresh) for name, value in row.given.items()}


def _filled(value: Any, thing: Thing, fresh: Mapping[str, Any]) -> Any:
    if not str(value).startswith("$"):
        return value
    name = value[1:]
    return fresh[name]() if name in fresh else thing[name]


def verdict(response: HttpResponse, *, has_changed: bool) -> str:
    """The word of the table for this answer, or the status when there is none."""
    status = response.status_code
    if status in {200, 204} or 300 <= status < 400:
        return _granted(response, has_changed=has_changed)
    words = {
        404: Answer.NOTHING, 403: Answer.FORBIDDEN, 409: Answer.CONFLICT, 410: Answer.GONE, 422: Answer.INVALID,
    }  # fmt: skip
    return words.get(status, str(status))


def _granted(response: HttpResponse, *, has_changed: bool) -> str:
    way = response.headers.get("Location", "")
    if way.startswith("/sign-in/?next="):
        return Answer.SIGN_IN
    if has_changed:
        return Answer.DOES
    return Answer.LEADS if way else Answer.SHOWS


def likeness(response: HttpResponse, thing: Thing) -> str:
    """All of an answer but tokens, and the names that stood in the question."""
    body = _csrf_header.sub(b"", _token.sub(b"", response.content))
    heads = {name: value for name, value in response.headers.items() if name not in unlike}
    cookies = sorted((name, cookie["max-age"], cookie["path"]) for name, cookie in response.cookies.items())
    told = repr((response.status_code, sorted(heads.items()), cookies, body))
    for name in sorted((str(value) for value in thing.values() if isinstance(value, UUID | str)), key=len):
        told = told.replace(name, "…")
    return told


def difference(here: str, there: str) -> str:
    """Where two answers part."""
    parted = (at for at, (one, other) in enumerate(zip(here, there, strict=False)) if one != other)
    at = max(0, next(parted, min(len(here), len(there))) - 20)
    return f"{here[at : at + 80]!r} and {there[at : at + 80]!r}"


nothing_here = platforming.nothing_here.encode()
