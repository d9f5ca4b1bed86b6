"""The two cookies of the account pages: the session, and a name for the browser."""

import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token

from letterlock.domain.accounts.admitting import SignedIn
from letterlock.doors.frame import walls

browser_cookie = "__Host-letterlock-browser"
browser_lifetime = timedelta(days=400)
nonce_form = re.compile(r"[A-Za-z0-9_-]{43}")


def browser_of(request: HttpRequest) -> str:
    """The nonce this browser was given before, or a fresh one. It proves nothing but sameness."""
    nonce = request.COOKIES.get(browser_cookie, "")
    return nonce if nonce_form.fullmatch(nonce) else secrets.token_urlsafe(32)


def remember_browser(response: HttpResponse, nonce: str) -> HttpResponse:
    """Let the browser show the nonce again: a typed code is taken only from the browser that asked for it."""
    _set(response, browser_cookie, nonce, lifetime=browser_lifetime)
    return response


def let_in(request: HttpRequest, response: HttpResponse, signed: SignedIn, *, browser: str) -> HttpResponse:
    """Give the browser its session. Tokens of forms written before are void from here on."""
    rotate_token(request)
    _set(response, settings.COOKIE, signed.key.reveal(), lifetime=settings.LETTERLOCK_SESSION_LIFETIME)
    return remember_browser(response, browser)


def let_out(response: HttpResponse) -> HttpResponse:
    """Take the session cookie back, and let the browser drop what it kept of us."""
    # Browsers obey a removal of a __Host- cookie only when it is as strict as the cookie was.
    _set(response, settings.COOKIE, "", lifetime=timedelta(0))
    walls.clear_browser(response)
    return response


def _set(response: HttpResponse, name: str, value: str, *, lifetime: timedelta) -> None:
    response.set_cookie(
        name, value, max_age=int(lifetime.total_seconds()), path="/", secure=True, httponly=True, samesite="Lax"
    )
