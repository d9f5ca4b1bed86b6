"""Answering a message: a draft that knows what it answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from letterlock.domain.mailbox import drafting
from letterlock.domain.mailbox.models import DraftKind
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web.mailbox import reaching


@require_POST
@signed_in
def replies(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """`kind` is "reply all" or, whatever else it says, "reply"."""
    message = reaching.message_of(request, message_id)
    kind = DraftKind.REPLY_ALL if request.POST.get("kind") == DraftKind.REPLY_ALL else DraftKind.REPLY
    draft = drafting.start_reply(message, kind=kind, by=request.account, at=timezone.now())
    if not draft.is_blank:
        messages.info(request, _("This is the answer you had begun. Discard it to start again."))
    return redirect("mailbox:draft", draft.id)
