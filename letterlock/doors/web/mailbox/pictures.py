"""Pictures in a letter that is being written."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from letterlock.domain.mailbox import picturing
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web.mailbox import own_drafts, writing_forms
from letterlock.foundation.kernel.secrets import Plaintext


@require_POST
@signed_in
def add(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Seal one picture into the draft, and answer its id."""
    found, file = own_drafts.draft_of(request, draft_id), request.FILES.get("picture")
    if file is None:
        raise writing_forms.Unreadable
    part = picturing.add_picture(found, content=Plaintext(file.read()), by=request.account, at=timezone.now())
    return JsonResponse({"id": str(part.reference)})


@require_safe
@signed_in
def show(request: SignedInRequest, draft_id: UUID, reference: UUID) -> HttpResponse:
    """One picture of one's own draft, for the page it is written on."""
    picture = picturing.open_picture(own_drafts.draft_of(request, draft_id), reference, by=request.account)
    response = HttpResponse(picture.content, content_type=picture.media_type)
    # SECURITY: opened by itself it is a picture and nothing else, whatever bytes somebody uploaded.
    # See test_a_picture_of_a_draft_can_do_nothing_but_be_seen.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
