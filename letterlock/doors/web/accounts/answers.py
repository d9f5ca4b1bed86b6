"""What the account pages answer alike: a form, with what is wrong said beside the field it is about."""

from http import HTTPStatus
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from letterlock.doors.frame import refusing
from letterlock.foundation.kernel.refusals import Refusal

closed_page = "accounts/invitation_closed.html"

#: Which fields a refusal may be about, the first that the form has.
fields_of = {
    "policies.invalid_address": ("address",),
    "accounts.wrong_code": ("code",),
    "accounts.weak_password": ("password", "new"),
    "accounts.wrong_password": ("old",),
    "policies.invalid_name": ("name",),
    "policies.invalid_time_zone": ("time_zone",),
}


def form_page(request: HttpRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    """The page with its form: 422 when something in it is wrong, so that scripts and people agree."""
    wrong = form.errors or getattr(context.get("password_form"), "errors", None)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, template, {"form": form, **context}, status=status)


def refused_page(
    request: HttpRequest, template: str, form: Form, refusal: Refusal, *, blamed: Form | None = None, **context: Any
) -> HttpResponse:
    """The same page with the sentence of a refusal, and the refusal's own status. `blamed`: another form on it."""
    blame(blamed or form, refusal)
    page = render(request, template, {"form": form, **context}, status=refusing.STATUS[refusal.kind])
    return refusing.say_when(page, refusal)


def closed_link(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Lapsed, replaced, used, or meant for somebody else: what happened, what is safe, what to do."""
    context = {"code": refusal.code, "sentence": refusal.explain()}
    return render(request, closed_page, context, status=refusing.STATUS[refusal.kind])


def blame(form: Form, refusal: Refusal) -> None:
    """Put the sentence of a refusal beside the field it is about, or above the form."""
    field = next((name for name in fields_of.get(refusal.code, ()) if name in form.fields), None)
    form.add_error(field, refusal.explain())
