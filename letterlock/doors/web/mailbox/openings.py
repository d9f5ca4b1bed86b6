"""Opening a message: the one request that hands out its slip or its text, and records that it did."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from letterlock.domain.mailbox import reading
from letterlock.domain.mailbox.models import Message
from letterlock.doors.frame import walls
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web.mailbox import reaching, slips


@require_POST
@signed_in
def openings(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """`view=letter` answers the letter's document for its frame; everything else the slip."""
    message = reaching.message_of(request, message_id)
    return _letter(request, message) if request.POST.get("view") == "letter" else _slip(request, message)


def _letter(request: SignedInRequest, message: Message) -> HttpResponse:
    letter = reading.retrieve(message, by=request.account, at=timezone.now(), client=request.client)
    response = render(request, "mailbox/letter.html", {"letter": letter})
    walls.allow_letter(response)
    return response


def _slip(request: SignedInRequest, message: Message) -> HttpResponse:
    reading.review(message, by=request.account, at=timezone.now(), client=request.client)
    return slips.fragment(request, message) if request.htmx else redirect("mailbox:message", message.id)
