"""An invitation: who invites, registering as a guest, proving the address, then straight to the message.

Opening the link spends nothing, whoever or whatever opens it: only a code typed in the same browser does.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from letterlock.domain.accounts import inviting, registering
from letterlock.domain.accounts.models import Invitation
from letterlock.doors.frame.requests import PlatformRequest
from letterlock.doors.web.accounts import answers, challenges, cookies, waiting
from letterlock.doors.web.accounts.forms import CodeForm, RegistrationForm
from letterlock.foundation.kernel.refusals import NotFound, Refusal

register_page = "accounts/invitation.html"
prove_page = "accounts/invitation_code.html"


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: PlatformRequest, invitation_id: UUID, token: str) -> HttpResponse:
    """Name, password and terms; sends a code to the invited address."""
    try:
        invitation = _read(request, invitation_id, token)
    except NotFound:
        raise
    except Refusal as refusal:
        return answers.closed_link(request, refusal)
    return _registration(request, invitation, token)


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: PlatformRequest, invitation_id: UUID, token: str) -> HttpResponse:
    """The code; then the waiting message."""
    challenge_id = challenges.named_in(request)
    if challenge_id is None:
        return redirect("accounts:invitation", invitation_id, token)
    try:
        invitation = _read(request, invitation_id, token)
    except NotFound:
        raise
    except Refusal as refusal:
        return answers.closed_link(request, refusal)
    return _proof(request, invitation, token, challenge_id)


def _read(request: PlatformRequest, invitation_id: UUID, token: str) -> Invitation:
    return inviting.read_link(
        invitation_id, token, platform=request.platform, visitor=request.account, at=timezone.now()
    )


def _registration(request: PlatformRequest, invitation: Invitation, token: str) -> HttpResponse:
    form = RegistrationForm(request.POST or None)
    context: dict[str, Any] = {"invitation": invitation, "token": token}
    if not form.is_valid():
        return answers.form_page(request, register_page, form, **context)
    name, password = form.cleaned_data["name"], form.cleaned_data["password"]
    try:
        return _send_code(request, invitation, token, name=name, password=password)
    except Refusal as refusal:
        return answers.refused_page(request, register_page, form, refusal, **context)


def _send_code(
    request: PlatformRequest, invitation: Invitation, token: str, *, name: str, password: str
) -> HttpResponse:
    browser = cookies.browser_of(request)
    challenge = registering.begin(
        invitation,
        name=name,
        password=password,
        time_zone="",  # the browser's: somebody who travels reads times where they are
        browser=browser,
        at=timezone.now(),
    )
    way = reverse("accounts:invitation-code", args=[invitation.id, token])
    about = {"message": code} if (code := waiting.named_in(request)) else {}
    return cookies.remember_browser(challenges.lead_to(way, challenge, **about), browser)


def _proof(request: PlatformRequest, invitation: Invitation, token: str, challenge_id: UUID) -> HttpResponse:
    form = CodeForm(request.POST or None)
    context: dict[str, Any] = {"invitation": invitation, "token": token, "challenge": challenge_id}
    if not form.is_valid():
        return answers.form_page(request, prove_page, form, **context)
    try:
        return _complete(request, challenge_id, code=form.cleaned_data["code"])
    except Refusal as refusal:
        return answers.refused_page(request, prove_page, form, refusal, **context)


def _complete(request: PlatformRequest, challenge_id: UUID, *, code: str) -> HttpResponse:
    browser = cookies.browser_of(request)
    signed = registering.complete(
        challenge_id, code=code, browser=browser, platform=request.platform, client=request.client, at=timezone.now()
    )
    way = waiting.way_to_message(signed.account, code=waiting.named_in(request))
    return cookies.let_in(request, redirect(way), signed, browser=browser)
