"""Taking a sent message back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from letterlock.domain.mailbox import correcting, recalling, seeing, tracking
from letterlock.domain.mailbox.models import Draft, Message
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web import desks
from letterlock.doors.web.mailbox import leaving, reaching


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def recall(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """First what it means and cannot do; then the deed."""
    message = reaching.message_of(request, message_id)
    return _take_back(request, message) if request.method == "POST" else _ask(request, message)


def _ask(request: SignedInRequest, message: Message) -> HttpResponse:
    # Asked first: to a recipient there is no recall, whether or not they have opened the message.
    seeing.senders_place(message, viewer=request.account)
    shown = {"slip": tracking.slip_of(message, viewer=request.account, at=timezone.now())}
    if request.htmx:
        return render(request, "mailbox/_recall.html", shown)
    return desks.render(request, "mailbox/asking.html", {**shown, "asked": "recall"}, current="sent")


def _take_back(request: SignedInRequest, message: Message) -> HttpResponse:
    recall_it = correcting.recall_and_correct if "correct" in request.POST else recalling.recall_message
    made = recall_it(
        message,
        reason=request.POST.get("reason", ""),
        destroy_own_copy="destroy_own_copy" in request.POST,
        by=request.account,
        at=timezone.now(),
        client=request.client,
    )
    if isinstance(made, Draft):
        messages.success(request, _("Recalled. The recipients can no longer open it; this is the draft to correct."))
        return redirect("mailbox:draft", made.id)
    return leaving.for_message(request, message.id, sentence=_("Recalled. The recipients can no longer open it."))
