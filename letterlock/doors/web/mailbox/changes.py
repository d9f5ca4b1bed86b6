"""What changed since the page was written: asked for every few seconds, so it reads one row."""

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from letterlock.domain.mailbox import changing
from letterlock.doors.frame.requests import SignedInRequest, signed_in


@require_GET
@signed_in
def changes(request: SignedInRequest) -> HttpResponse:
    """204, or the new number and the names of the fragments to fetch again."""
    since = request.GET.get("since", "")
    found = changing.changes_since(request.account, int(since) if since.isdecimal() else 0)
    if found is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return JsonResponse({"number": found.number, "fragments": found.fragments})
