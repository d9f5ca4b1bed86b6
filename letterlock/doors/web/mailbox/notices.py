"""First-access notices in the page: the list, and having seen it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from letterlock.domain.notices import noticing
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web import desks


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notices(request: SignedInRequest) -> HttpResponse:
    """The latest notices; POST marks the ones that were on the page as seen."""
    if request.method == "POST":
        shown = [UUID(notice) for notice in request.POST.getlist("notice") if _is_id(notice)]
        noticing.mark_seen(request.account, at=timezone.now(), notice_ids=shown)
    if request.htmx:
        return render(request, "desk/_notices.html", {"desk": desks.desk_of(request)})
    return desks.render(request, "mailbox/notices.html")


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
