"""Finding a message by the code that a mail or a slip shows."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from letterlock.domain.mailbox import finding
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web import desks
from letterlock.foundation.kernel.refusals import NotFound


@require_safe
@signed_in
def code(request: SignedInRequest) -> HttpResponse:
    """Lead to the message, or say where else it may be."""
    typed = request.GET.get("code", "").strip()
    try:
        message = finding.message_of_code(typed, viewer=request.account)
    except NotFound:
        return desks.render(request, "mailbox/no_such_code.html", {"typed": typed[:20]}, status=HTTPStatus.NOT_FOUND)
    return redirect("mailbox:message", message.id)
