"""A forgotten password: the address, then a code typed in the same browser, then a new password."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from letterlock.domain.accounts import resetting
from letterlock.doors.frame.requests import PlatformRequest
from letterlock.doors.web.accounts import answers, challenges, cookies
from letterlock.doors.web.accounts.forms import ForgottenForm, ResetForm
from letterlock.foundation.kernel.refusals import Refusal

ask_page = "accounts/reset.html"
prove_page = "accounts/reset_code.html"


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PlatformRequest) -> HttpResponse:
    """Send a code to the address if it is an account here; the page says the same in either case."""
    form = ForgottenForm(request.POST or None)
    if not form.is_valid():
        return answers.form_page(request, ask_page, form)
    try:
        return _send_code(request, **form.cleaned_data)
    except Refusal as refusal:
        return answers.refused_page(request, ask_page, form, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: PlatformRequest) -> HttpResponse:
    """The code and the new password; every other session of the account ends."""
    challenge_id = challenges.named_in(request)
    form = ResetForm(request.POST or None)
    if challenge_id is None:
        return redirect("accounts:reset")
    if not form.is_valid():
        return answers.form_page(request, prove_page, form, challenge=challenge_id)
    try:
        return _set_password(request, challenge_id, **form.cleaned_data)
    except Refusal as refusal:
        return answers.refused_page(request, prove_page, form, refusal, challenge=challenge_id)


def _send_code(request: PlatformRequest, *, address: str) -> HttpResponse:
    browser = cookies.browser_of(request)
    challenge = resetting.begin(
        platform=request.platform, address=address, browser=browser, network=request.network, at=timezone.now()
    )
    return cookies.remember_browser(challenges.lead_to(reverse("accounts:reset-code"), challenge), browser)


def _set_password(request: PlatformRequest, challenge_id: UUID, *, code: str, password: str) -> HttpResponse:
    browser = cookies.browser_of(request)
    signed = resetting.complete(
        challenge_id,
        code=code,
        password=password,
        browser=browser,
        platform=request.platform,
        client=request.client,
        at=timezone.now(),
    )
    return cookies.let_in(request, redirect("home"), signed, browser=browser)
