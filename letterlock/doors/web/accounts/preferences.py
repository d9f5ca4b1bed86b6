"""The account page: name, time zone, how messages open, mails, the password, and where one is signed in."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from letterlock.domain.accounts import preferring, signing_in
from letterlock.domain.accounts.models import Account
from letterlock.domain.policies import zones
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web import desks
from letterlock.doors.web.accounts import answers
from letterlock.doors.web.accounts.forms import PasswordForm, PreferencesForm
from letterlock.foundation.kernel.refusals import Refusal

page = "accounts/account.html"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: SignedInRequest) -> HttpResponse:
    """The page, and saving the preferences on it."""
    form = PreferencesForm(request.POST or None, initial=_present(request.account))
    if not form.is_valid():
        return answers.form_page(request, page, form, **_context(request))
    try:
        preferring.change_preferences(request.account, **form.cleaned_data, at=timezone.now())
    except Refusal as refusal:
        return answers.refused_page(request, page, form, refusal, **_context(request))
    messages.success(request, _("Your preferences are saved."))
    return redirect("accounts:account")


@require_POST
@signed_in
def change_password(request: SignedInRequest) -> HttpResponse:
    """A new password; every other browser is signed out."""
    form = PasswordForm(request.POST)
    shown = PreferencesForm(initial=_present(request.account))
    if not form.is_valid():
        return answers.form_page(request, page, shown, **_context(request, form))
    try:
        preferring.change_password(request.session_row, **form.cleaned_data, at=timezone.now())
    except Refusal as refusal:
        return answers.refused_page(request, page, shown, refusal, blamed=form, **_context(request, form))
    messages.success(request, _("Your password is changed. Other browsers were signed out."))
    return redirect("accounts:account")


def _present(account: Account) -> dict[str, Any]:
    names = ("name", "time_zone", "retrieval", "wants_first_access_mail")
    return {name: getattr(account, name) for name in names}


def _context(request: SignedInRequest, password_form: Form | None = None) -> dict[str, Any]:
    return {
        "password_form": password_form or PasswordForm(),
        "zones": sorted(zones.known_zones()),
        "sessions": signing_in.open_sessions(request.account, at=timezone.now()).order_by("-last_seen_at", "-id"),
        "desk": desks.desk_of(request),
    }
