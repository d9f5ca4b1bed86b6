"""Turns refusals and defects into answers: each kind has one status, said once."""

import sqlite3
import sys
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from math import ceil
from typing import Any, cast

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import reswap, retarget

from letterlock.doors.frame import walls
from letterlock.doors.frame.requests import PlatformRequest, is_for_a_frame, wants_json
from letterlock.foundation.kernel import logs
from letterlock.foundation.kernel.refusals import Kind, NotFound, Refusal

log = logs.get("frame")

STATUS = {
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.GONE: HTTPStatus.GONE,
    Kind.LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
}
WAIT = {Kind.BUSY: timedelta(seconds=5), Kind.LIMITED: timedelta(minutes=1)}


#: What the databases say of themselves, not of a statement: no room on the disk, no connection, no lock in time.
out_of_reach = (OperationalError, InterfaceError)


class StoreOutOfReach(Refusal):
    """Nobody's mistake, and it passes. Whether the last commit arrived may be unknown, so the sentence does not say."""

    kind = Kind.BUSY
    code = "frame.store_out_of_reach"
    sentence = gettext_lazy(
        "The service cannot read or save right now. What was saved before is safe. Please try again in a moment; "
        "a letter is never sent twice."
    )


class RefusalsAsPages:
    """Innermost: a refusal raised by a view becomes a page, a fragment or JSON with its sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Django hands every exception of a view to this; what is no refusal is a defect and travels on."""
        refusal = _refusal_of(exception)
        return answer(cast(PlatformRequest, request), refusal) if refusal else None


def _refusal_of(exception: BaseException | None) -> Refusal | None:
    if _is_out_of_reach(exception):
        log.error("Store out of reach", error=type(exception).__name__)
        return StoreOutOfReach()
    return exception if isinstance(exception, Refusal) else None


def _is_out_of_reach(exception: BaseException | None) -> bool:
    # SQLite has the same class for a table or column that is not there. That is a defect, or half of an upgrade, and
    # passes by no waiting; PostgreSQL calls it by another name.
    code = getattr(getattr(exception, "__cause__", None), "sqlite_errorcode", None)
    return isinstance(exception, out_of_reach) and code != sqlite3.SQLITE_ERROR


def answer(request: PlatformRequest, refusal: Refusal) -> HttpResponse:
    """The refusal in the form the asker reads: JSON, a fragment for htmx, or a page."""
    return say_when(_form_of(request, refusal), refusal)


def say_when(response: HttpResponse, refusal: Refusal) -> HttpResponse:
    """Tell in `Retry-After` when another try makes sense, where waiting helps."""
    wait = refusal.details.get("retry_after", WAIT.get(refusal.kind))
    if isinstance(wait, timedelta):
        response.headers["Retry-After"] = str(max(1, ceil(wait.total_seconds())))
    return response


def _form_of(request: PlatformRequest, refusal: Refusal) -> HttpResponse:
    status = STATUS[refusal.kind]
    if wants_json(request):
        told = {"code": refusal.code, "sentence": refusal.explain(), "details": _plain(refusal.details)}
        return JsonResponse(told, status=status)
    if request.htmx:
        fragment = _rendered(request, "_refusal.html", sentence=refusal.explain())
        return retarget(reswap(HttpResponse(fragment, status=status), "innerHTML"), "#refusals")
    if is_for_a_frame(request):
        response = HttpResponse(_rendered(request, "framed/refused.html", sentence=refusal.explain()), status=status)
        walls.allow_letter(response)
        return response
    return error_page(request, status, refusal.explain())


def error_page(request: HttpRequest, status: HTTPStatus, sentence: str, *, title: str = "") -> HttpResponse:
    """A whole page with one sentence and a way back; looks nothing up, so that it cannot fail itself."""
    return HttpResponse(
        _rendered(request, "error.html", sentence=sentence, title=title or _title(status)), status=status
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django passes it by name
    """A form whose token is missing or old: say so, and that nothing was lost."""
    sentence = _("This page was too old to be used. Nothing was changed. Go back, reload the page and try again.")
    if wants_json(request):
        return JsonResponse({"code": "frame.stale_form", "sentence": sentence}, status=HTTPStatus.FORBIDDEN)
    return error_page(request, HTTPStatus.FORBIDDEN, sentence)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """400: the request could not be read at all."""
    return error_page(request, HTTPStatus.BAD_REQUEST, _("This request could not be understood. Nothing was changed."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """403 without a refusal of ours."""
    return error_page(request, HTTPStatus.FORBIDDEN, _("This cannot be done with this account. Nothing was changed."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """404: not there and not yours are one answer."""
    return answer(cast(PlatformRequest, request), NotFound())


def broken(request: HttpRequest) -> HttpResponse:
    """500: a defect of ours. 503: a store was out of reach before any view was called."""
    # Django calls this while it handles the exception, and hands it to nobody.
    if refusal := _refusal_of(sys.exception()):
        return say_when(error_page(request, STATUS[refusal.kind], refusal.explain()), refusal)
    sentence = _("Something went wrong on our side. What you had saved is safe. Please try again in a moment.")
    return error_page(request, HTTPStatus.INTERNAL_SERVER_ERROR, sentence)


def _title(status: HTTPStatus) -> str:
    return {
        HTTPStatus.NOT_FOUND: _("Nothing here"),
        HTTPStatus.GONE: _("No longer here"),
        HTTPStatus.TOO_MANY_REQUESTS: _("Please wait a little"),
        HTTPStatus.SERVICE_UNAVAILABLE: _("Busy right now"),
        HTTPStatus.INTERNAL_SERVER_ERROR: _("Something went wrong"),
    }.get(status, _("This was not done"))


def _rendered(request: HttpRequest, template: str, **context: Any) -> str:
    return render_to_string(template, context, request=request)


def _plain(details: dict[str, Any]) -> dict[str, Any]:
    """Details a script can use; rows and spans stay inside."""
    return {name: value for name, value in details.items() if isinstance(value, str | int | list | tuple)}
