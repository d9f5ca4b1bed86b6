"""The Delivery Slip of a message somebody has opened, and its history."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from letterlock.domain.mailbox import exporting, heading, tracking
from letterlock.domain.mailbox.models import Message
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web import desks
from letterlock.doors.web.mailbox import reaching


@require_safe
@signed_in
def slip(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """The slip as it stands now. Refused until it was opened; records nothing."""
    return fragment(request, reaching.message_of(request, message_id))


@require_safe
@signed_in
def file(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """The sender's slip with its proofs, as a file. Records nothing."""
    message = reaching.message_of(request, message_id)
    exported = exporting.export_slip(message, viewer=request.account, at=timezone.now())
    answer = HttpResponse(exported.content, content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{exported.name}"'
    return answer


@require_safe
@signed_in
def history(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """Every occurrence the viewer may know of: a dialog, or a page without scripts."""
    message = reaching.message_of(request, message_id)
    head = heading.head_of(message, viewer=request.account, at=timezone.now())
    shown = {"head": head, "occurrences": tracking.history_of(message, viewer=request.account)}
    if request.htmx:
        return render(request, "mailbox/_history.html", shown)
    return desks.render(request, "mailbox/history.html", shown, current=head.folder.value)


def fragment(request: SignedInRequest, message: Message) -> HttpResponse:
    """The slip, and with it what the letter's place must show if the message was taken back meanwhile."""
    at = timezone.now()
    slip = tracking.slip_of(message, viewer=request.account, at=at)
    head = heading.head_of(message, viewer=request.account, at=at)
    return render(request, "mailbox/_slip_answer.html", {"slip": slip, "head": head})
