"""The link an operator hands to a new member: it sets the first password, once."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from letterlock.domain.accounts import inviting, setting_up
from letterlock.domain.accounts.models import Invitation, InvitationPurpose
from letterlock.doors.frame.requests import PlatformRequest
from letterlock.doors.web.accounts import answers, cookies
from letterlock.doors.web.accounts.forms import SetUpForm
from letterlock.foundation.kernel.refusals import NotFound, Refusal

page = "accounts/set_up.html"


@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: PlatformRequest, invitation_id: UUID, token: str) -> HttpResponse:
    """Name and password, then into the mailbox. Opening the link spends nothing."""
    try:
        invitation = _read(request, invitation_id, token)
    except NotFound:
        raise
    except Refusal as refusal:
        return answers.closed_link(request, refusal)
    form = SetUpForm(request.POST or None, initial={"name": invitation.account.name})
    if not form.is_valid():
        return answers.form_page(request, page, form, invitation=invitation)
    try:
        return _set_password(request, invitation, **form.cleaned_data)
    except Refusal as refusal:
        return answers.refused_page(request, page, form, refusal, invitation=invitation)


def _read(request: PlatformRequest, invitation_id: UUID, token: str) -> Invitation:
    return inviting.read_link(
        invitation_id,
        token,
        platform=request.platform,
        purpose=InvitationPurpose.SET_UP,
        visitor=request.account,
        at=timezone.now(),
    )


def _set_password(request: PlatformRequest, invitation: Invitation, *, name: str, password: str) -> HttpResponse:
    browser = cookies.browser_of(request)
    signed = setting_up.set_password(
        invitation, name=name, password=password, browser=browser, client=request.client, at=timezone.now()
    )
    return cookies.let_in(request, redirect("home"), signed, browser=browser)
