"""What changed since the page was written: asked for every few seconds, so it reads one row."""

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from letterlock.domain.mailbox import changing
from letterlock.doors.frame.requests import SignedInRequest, signed_in

most_digits = 18


@require_GET
@signed_in
def changes(request: SignedInRequest) -> HttpResponse:
    """204, or the new number and the names of the fragments to fetch again."""
    found = changing.changes_since(request.account, _read(request.GET.get("since", "")))
    if found is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return JsonResponse({"number": found.number, "fragments": found.fragments})


def _read(number: str) -> int:
    # Our numbers have few digits; reading one of thousands is refused by Python itself.
    return int(number) if number.isdecimal() and len(number) <= most_digits else 0
