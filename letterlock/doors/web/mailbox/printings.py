"""Printing happens in the browser; what it reports of it is written down."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from letterlock.domain.mailbox import reading
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web.mailbox import reaching


@require_POST
@signed_in
def printings(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """One printing of the text. Refused once it was taken back: then the page does not print."""
    message = reaching.message_of(request, message_id)
    reading.note_printed(message, by=request.account, at=timezone.now(), client=request.client)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
