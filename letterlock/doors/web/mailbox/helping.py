"""What a sender can do for somebody who has not got the message: invite again, correct the address."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from letterlock.domain.mailbox import correcting
from letterlock.domain.mailbox.models import Participation
from letterlock.doors.frame import refusing
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web import desks
from letterlock.doors.web.mailbox import leaving, reaching
from letterlock.foundation.kernel.refusals import Kind, NotFound, Refusal


@require_POST
@signed_in
def invitation(request: SignedInRequest, message_id: UUID, participation_id: UUID) -> HttpResponse:
    """Send the invitation again; the link in the earlier mail stops working."""
    place = _place_of(request, message_id, participation_id)
    correcting.resend_invitation(place, by=request.account, at=timezone.now())
    sentence = _("The invitation is on its way again. The link in the earlier mail no longer works.")
    return leaving.for_message(request, message_id, sentence=sentence)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def address(request: SignedInRequest, message_id: UUID, participation_id: UUID) -> HttpResponse:
    """Correct the address of somebody whom the mail did not reach."""
    place = _place_of(request, message_id, participation_id)
    if request.method != "POST":
        return _ask(request, place, typed=place.account.shown_address)
    typed = request.POST.get("address", "")
    try:
        correcting.correct_address(place, address=typed, by=request.account, at=timezone.now(), client=request.client)
    except Refusal as refusal:
        if refusal.kind is Kind.NOT_FOUND:
            raise
        return _ask(request, place, typed=typed, refusal=refusal)
    return leaving.for_message(
        request, message_id, sentence=_("Corrected. The message is on its way to the new address.")
    )


def _ask(request: SignedInRequest, place: Participation, *, typed: str, refusal: Refusal | None = None) -> HttpResponse:
    status = refusing.STATUS[refusal.kind] if refusal else HTTPStatus.OK
    shown = {"place": place, "typed": typed, "errors": [refusal.explain()] if refusal else []}
    if request.htmx:
        return render(request, "mailbox/_address.html", shown, status=status)
    return desks.render(request, "mailbox/asking.html", {**shown, "asked": "address"}, current="sent", status=status)


def _place_of(request: SignedInRequest, message_id: UUID, participation_id: UUID) -> Participation:
    # SECURITY: only the sender reaches others' places; one's page would name a Bcc.
    # See test_only_the_sender_can_help_a_recipient.
    message = reaching.message_of(request, message_id)
    places = message.participations.filter(message__sender=request.account)
    place = places.select_related("account", "message").filter(id=participation_id).first()
    if place is None:
        raise NotFound
    return place
