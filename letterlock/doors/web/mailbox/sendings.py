"""Pressing "Send Secure": once, however often; and what is asked before: send it unfinished, invite who is new."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from letterlock.domain.mailbox import drafting, finishing, sending
from letterlock.domain.mailbox.models import Draft, Message
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web.mailbox import drafts, own_drafts, writing_forms
from letterlock.doors.web.mailbox.writing_forms import SendingForm
from letterlock.foundation.kernel.refusals import NotFound, Refusal


@require_POST
@signed_in
def send(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Send what the page shows. A repeat leads to the message that the first press has sent."""
    form = SendingForm(request.POST)
    if not form.is_valid():
        raise writing_forms.Unreadable
    try:
        return _send(request, own_drafts.draft_of(request, draft_id), **form.cleaned_data)
    except NotFound:
        return _sent_before(request, form.cleaned_data["idempotency_key"])


def _send(
    request: SignedInRequest, found: Draft, *, idempotency_key: UUID, invite: bool, unfinished: bool
) -> HttpResponse:
    shown = _as_shown(request, found)
    try:
        message = sending.send_draft(
            shown,
            idempotency_key=idempotency_key,
            invite=invite,
            version=shown.version,
            finished=not unfinished,
            by=request.account,
            client=request.client,
            at=timezone.now(),
        )
    except finishing.Unfinished as asked:
        return _ask(request, shown, "mailbox/_unfinished.html", asked=asked, key=idempotency_key)
    except sending.NewUsersDetected as asked:
        return _ask(request, shown, "mailbox/_new_users.html", asked=asked, key=idempotency_key, unfinished=unfinished)
    messages.success(request, _("Sent. The Delivery Slip shows how far it has come."))
    return _lead_to(request, message)


def _as_shown(request: SignedInRequest, found: Draft) -> Draft:
    """The draft with everything that stands in the form. A page that is behind another one is refused (StaleDraft)."""
    written = writing_forms.read_draft(request.POST.dict())
    if request.htmx:
        # The island has saved before it sends: the version says whether that is still what there is.
        found.version = written.version
        return found
    return drafting.save_draft(
        found, changes=written.changes, version=written.version, by=request.account, at=timezone.now()
    )


def _ask(
    request: SignedInRequest, found: Draft, fragment: str, *, asked: Refusal, key: UUID, unfinished: bool = False
) -> HttpResponse:
    context = {"draft": found, "asked": asked, "idempotency_key": key, "unfinished": unfinished}
    return drafts.question(request, fragment, context)


def _sent_before(request: SignedInRequest, idempotency_key: UUID) -> HttpResponse:
    message = sending.sent_with(idempotency_key, by=request.account)
    if message is None:
        raise NotFound
    return _lead_to(request, message)


def _lead_to(request: SignedInRequest, message: Message) -> HttpResponse:
    way = reverse("mailbox:message", args=[message.id])
    return HttpResponseClientRedirect(way) if request.htmx else redirect(way)
