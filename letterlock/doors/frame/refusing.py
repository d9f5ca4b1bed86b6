"""Turns refusals into pages: each kind has one status, said once."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from letterlock.foundation.kernel.refusals import Kind

STATUS = {
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.GONE: HTTPStatus.GONE,
    Kind.LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
}


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or old: say so, and that nothing was lost."""
    return HttpResponse("This form is too old. Go back, reload the page and try again.", status=HTTPStatus.FORBIDDEN)
