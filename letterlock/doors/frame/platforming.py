"""Finds the platform of a request from its host name; every other host finds nothing here."""

from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from letterlock.domain.platforms import addressing, queries
from letterlock.domain.platforms.models import Platform
from letterlock.doors.frame.requests import PlatformRequest

#: Names no product and no platform: whoever guesses host names learns nothing.
nothing_here = (
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>Not found</title><h1>Not found</h1>'
    "<p>There is nothing at this address. Please check how it is written.</p></html>"
)

#: For whoever sets up a proxy. No redirect: a proxy whose word does not count would be led in a circle.
plain_line = (
    "These pages are served over HTTPS only. If a proxy in front of them ends HTTPS, it must send X-Forwarded-Proto, "
    "and its address must be in LETTERLOCK_TRUSTED_PROXIES.\n"
)


class PlatformFromHost:
    """Puts `platform` on the request, or answers 404 before anything else looks at it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        platform = _platform_of(request)
        if platform is None:
            return HttpResponse(nothing_here, status=HTTPStatus.NOT_FOUND)
        if addressing.is_encrypted() and not request.is_secure():
            # SECURITY: a page over a readable line would be sent passwords. The proxy leads people to HTTPS, so that
            # this is somebody who went around it, or a proxy that we do not trust. See test_no_page_over_a_plain_line.
            return HttpResponse(plain_line, status=HTTPStatus.FORBIDDEN, content_type="text/plain; charset=utf-8")
        if queries.name_in(request.get_host()) != platform.host:
            # A former name: old mails point at it. Cookies belong to the name in use, so people are led there.
            return HttpResponseRedirect(addressing.url_of(platform, request.get_full_path()))
        cast(PlatformRequest, request).platform = platform
        return self.get_response(request)


def _platform_of(request: HttpRequest) -> Platform | None:
    try:
        return queries.platform_of_host(request.get_host())
    except DisallowedHost:
        return None
