"""Signing in and out, and the list of browsers one is signed in with."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from letterlock.domain.accounts import signing_in
from letterlock.doors.frame.requests import PlatformRequest, SignedInRequest, safe_next, signed_in
from letterlock.doors.web.accounts import answers, cookies
from letterlock.doors.web.accounts.forms import SignInForm
from letterlock.foundation.kernel.refusals import Refusal

sign_in_page = "accounts/sign_in.html"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: PlatformRequest) -> HttpResponse:
    """Address and password; then to where one wanted to go."""
    form = SignInForm(request.POST or None)
    way = safe_next(request, request.POST.get("next", request.GET.get("next")))
    if not form.is_valid():
        return answers.form_page(request, sign_in_page, form, next=way)
    try:
        return _enter(request, way, **form.cleaned_data)
    except Refusal as refusal:
        return answers.refused_page(request, sign_in_page, form, refusal, next=way)


@require_POST
@signed_in
def sign_out(request: SignedInRequest) -> HttpResponse:
    """End this browser's session; the browser drops its copies."""
    signing_in.sign_out(request.session_row, at=timezone.now())
    return cookies.let_out(redirect("accounts:sign-in"))


@require_POST
@signed_in
def end(request: SignedInRequest, session_id: UUID) -> HttpResponse:
    """Sign out another browser from here."""
    signing_in.end_session(request.account, session_id, at=timezone.now())
    return redirect("accounts:account")


@require_POST
@signed_in
def end_others(request: SignedInRequest) -> HttpResponse:
    """Sign out every browser but this one."""
    signing_in.end_other_sessions(request.session_row, at=timezone.now())
    return redirect("accounts:account")


def _enter(request: PlatformRequest, way: str, *, address: str, password: str) -> HttpResponse:
    browser = cookies.browser_of(request)
    signed = signing_in.sign_in(
        platform=request.platform,
        address=address,
        password=password,
        browser=browser,
        network=request.network,
        client=request.client,
        at=timezone.now(),
        replacing=request.session_row,
    )
    return cookies.let_in(request, redirect(way), signed, browser=browser)
