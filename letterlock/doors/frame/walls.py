"""The browser's walls: every answer says what it may load, who may frame it, and that it is not kept."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from letterlock.doors.frame import networks

page_policy = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

#: A letter keeps its look; no request can leave it. The rights of its frame are said again here, for whoever brings a
#: browser to show it outside of that frame. See test_the_policy_alone_holds_a_letter_that_nobody_cleaned.
letter_rights = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
letter_policy = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    f"frame-ancestors 'self'; sandbox {letter_rights}"
)

hsts = "max-age=63072000; includeSubDomains"


class BrowserWalls:
    """Outermost, so that no answer, not even a refusal of the server itself, leaves without its headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        networks.forget_claims(request)
        response = self.get_response(request) if has_stated_length(request) else length_required()
        raise_walls(request, response)
        return response


def raise_walls(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set the headers, leaving a policy that a view has set itself."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", page_policy)
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    # `no-referrer` would make plain form posts fail: browsers then send `Origin: null`.
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()")
    if request.is_secure():
        headers.setdefault("Strict-Transport-Security", hsts)
    # SECURITY: no copy outlives a recall or a log-out, and none that was made for one person is shown to another; what
    # may be kept says so itself. See test_signed_in_answers_are_not_stored and test_everybody_gets_what_the_table_says.
    if getattr(request, "account", None) is not None:
        headers["Cache-Control"] = "no-store"
    headers.setdefault("Cache-Control", "no-store")


def allow_letter(response: HttpResponseBase) -> None:
    """Give this answer the letter's own policy, and let our own pages frame it."""
    response.headers["Content-Security-Policy"] = letter_policy
    response.headers["Cache-Control"] = "no-store"


def clear_browser(response: HttpResponseBase) -> None:
    """At log-out: the browser drops what it kept of this origin. The browser nonce stays: it is no session."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.headers["Cache-Control"] = "no-store"


def has_stated_length(request: HttpRequest) -> bool:
    """Whether the body's length is known. Django would read a chunked body as an empty one."""
    if "HTTP_TRANSFER_ENCODING" in request.META:
        return False
    return request.method not in {"POST", "PUT", "PATCH"} or request.META.get("CONTENT_LENGTH", "").isdigit()


def length_required() -> HttpResponse:
    """411, in words for whoever wrote the client."""
    return HttpResponse(
        "A request with a body needs a Content-Length.\n",
        status=HTTPStatus.LENGTH_REQUIRED,
        content_type="text/plain; charset=utf-8",
    )
