"""What a request carries once the frame has looked at it, as types; and the way in for signed-in people."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from letterlock.domain.accounts.models import Account, Session
from letterlock.domain.platforms.models import Platform
from letterlock.doors.frame import walls

P = ParamSpec("P")


class PlatformRequest(HttpRequest):
    """A request to a known platform, by somebody or nobody."""

    htmx: HtmxDetails
    platform: Platform
    account: Account | None
    session_row: Session | None
    zone: ZoneInfo
    zone_source: str
    client: str
    network: str


class SignedInRequest(PlatformRequest):
    """A request by a signed-in person of this platform."""

    account: Account
    session_row: Session


View = Callable[Concatenate[Any, P], HttpResponseBase]


def signed_in(view: Callable[Concatenate[SignedInRequest, P], HttpResponseBase]) -> View[P]:
    """Only for signed-in people; the others are led to the sign-in page and back."""

    @functools.wraps(view)
    def inside(request: PlatformRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.account is None:
            return _ask_to_sign_in(request)
        return view(cast(SignedInRequest, request), *args, **kwargs)

    return inside


def safe_next(request: HttpRequest, wanted: str | None, *, default: str = "/") -> str:
    """Where to go afterwards: an address of this very host, or the default."""
    # SECURITY: an open redirect would lend our name to somebody else's page. See test_next_never_leaves_the_host.
    if wanted and wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    return default


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked, which reads answers instead of showing them."""
    return "application/json" in request.headers.get("Accept", "")


def is_for_a_frame(request: HttpRequest) -> bool:
    """Whether the answer will stand in the letter's frame, where no whole page belongs."""
    return request.headers.get("Sec-Fetch-Dest") == "iframe"


def _ask_to_sign_in(request: PlatformRequest) -> HttpResponse:
    address = reverse("accounts:sign-in") + "?" + urlencode({"next": _way_back(request)})
    if wants_json(request):
        sentence = _("You have been signed out. Nothing was lost; sign in again.")
        return JsonResponse({"code": "frame.signed_out", "sentence": sentence}, status=HTTPStatus.UNAUTHORIZED)
    if request.htmx:
        return HttpResponseClientRedirect(address)
    if is_for_a_frame(request):
        response = render(request, "framed/signed_out.html", status=HTTPStatus.UNAUTHORIZED)
        walls.allow_letter(response)
        return response
    return HttpResponseRedirect(address)


def _way_back(request: PlatformRequest) -> str:
    # A form that was posted cannot be asked for again, so the page it stood on is the way back.
    if request.method in {"GET", "HEAD"} and not request.htmx:
        return request.get_full_path()
    return safe_next(request, request.htmx.current_url_abs_path if request.htmx else None)
