"""The page of a message: its frame, its envelope, its place in the conversation. Looking at it records nothing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from letterlock.domain.accounts.models import Account, Retrieval
from letterlock.domain.mailbox import conversing, heading, tracking
from letterlock.domain.mailbox.heading import Head
from letterlock.domain.mailbox.models import Message
from letterlock.domain.mailbox.tracking import NotOpenedYet, Slip
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web import desks
from letterlock.doors.web.mailbox import folders, reaching


@require_safe
@signed_in
def message(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """The message beside the list of its folder; for htmx only the message."""
    since = desks.since(request)
    shown = reading_of(reaching.message_of(request, message_id), viewer=request.account, at=timezone.now())
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "mailbox/_reading.html", shown)
    folder = shown["head"].folder.value
    beside = folders.list_of(request.account, folder)
    return desks.render(request, "mailbox/message.html", {**beside, **shown}, current=folder, since=since)


def reading_of(message: Message, *, viewer: Account, at: datetime) -> dict[str, Any]:
    """Everything the reading area shows of a message before anybody opens it."""
    head = heading.head_of(message, viewer=viewer, at=at)
    return {
        "head": head,
        "opens": opening_of(head, viewer=viewer),
        "conversation": conversing.conversation_of(message, viewer=viewer, at=at),
        "slip": slip_of(message, viewer=viewer, at=at),
    }


def opening_of(head: Head, *, viewer: Account) -> str:
    """What the page asks for by itself, once somebody looks at it: the letter, its slip, or nothing."""
    if head.may_open:
        return "letter" if viewer.retrieval == Retrieval.AUTOMATIC else "slip"
    # A notice is all there is to see of it, so seeing the notice is reading the message.
    return "slip" if head.is_unread else "nothing"


def slip_of(message: Message, *, viewer: Account, at: datetime) -> Slip | None:
    """The slip, once it was handed out before; None while opening it would be a fact of its own."""
    try:
        return tracking.slip_of(message, viewer=viewer, at=at)
    except NotOpenedYet:
        return None
