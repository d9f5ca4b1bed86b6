"""Who is asking: the session cookie, the zone times are shown in, and labels of program and network."""

from collections.abc import Callable
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from letterlock.domain.accounts import signing_in
from letterlock.domain.accounts.models import Account
from letterlock.domain.policies import zones
from letterlock.doors.frame import clients, networks, refusing
from letterlock.doors.frame.requests import PlatformRequest
from letterlock.foundation.kernel.refusals import Refusal

zone_cookie = "letterlock-zone"

#: Asked for by a clock, not by a person: it does not keep a session alive.
polling_path = "/changes/"


class SignedInAccount:
    """Puts `account`, `session_row`, `zone`, `client` and `network` on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, asked: HttpRequest) -> HttpResponseBase:
        request = cast(PlatformRequest, asked)
        request.client = clients.label_of(request.headers.get("User-Agent", ""))
        request.network = networks.network_of(asked)
        request.account = request.session_row = None
        request.zone, request.zone_source = zone_for(None, request.COOKIES.get(zone_cookie, ""))
        try:
            recognise(request)
        except Refusal as refusal:
            return refusing.answer(request, refusal)
        with timezone.override(request.zone):
            return self.get_response(request)


def recognise(request: PlatformRequest) -> None:
    """Find the session of the cookie on this platform, and the account and zone that belong to it."""
    value = request.COOKIES.get(settings.COOKIE, "")
    if not value:
        return
    touch = request.path != polling_path
    session = signing_in.session_of_cookie(value, platform=request.platform, at=timezone.now(), touch=touch)
    if session is not None:
        request.session_row, request.account = session, session.account
        request.zone, request.zone_source = zone_for(session.account, request.COOKIES.get(zone_cookie, ""))


def zone_for(account: Account | None, reported: str) -> tuple[ZoneInfo, str]:
    """The zone times are shown in, and where it came from: preference, browser, or default.

    A cookie is anybody's text, and a zone may be gone from the database of another machine: only known ones count.
    """
    known = zones.known_zones()
    if account is not None and account.time_zone in known:
        return ZoneInfo(account.time_zone), "preference"
    return (ZoneInfo(reported), "browser") if reported in known else (ZoneInfo("UTC"), "default")
