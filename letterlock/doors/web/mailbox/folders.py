"""The folders: a page each, their rows as fragments, and their counts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import listing
from letterlock.domain.mailbox.models import Folder
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web import desks
from letterlock.foundation.kernel.refusals import NotFound

#: The name of drafts in addresses; a draft is no message, so this is no `Folder`.
drafts = "drafts"

labels: dict[str, Any] = {drafts: _("Drafts"), **{folder.value: folder.label for folder in Folder}}

#: Rows that "Older" has brought are kept when the list is fetched anew, up to this many.
most_rows = 500


@require_safe
@signed_in
def home(request: SignedInRequest) -> HttpResponse:  # noqa: ARG001 -- every view is called with the request
    """The Inbox is where everybody begins."""
    return redirect("mailbox:folder", "inbox")


@require_safe
@signed_in
def folder(request: SignedInRequest, folder: str) -> HttpResponse:
    """The page of a folder; for htmx only its rows, from `after` on, or as many anew as are `shown`."""
    if folder not in labels:
        raise NotFound
    since = desks.since(request)
    shown = list_of(request.account, folder, after=request.GET.get("after", ""), shown=request.GET.get("shown", ""))
    if request.htmx:
        return render(request, "mailbox/_rows.html", shown)
    return desks.render(request, "mailbox/folder.html", shown, current=folder, since=since)


@require_safe
@signed_in
def counts(request: SignedInRequest) -> HttpResponse:
    """The folders of the rail with their counts."""
    desk = desks.desk_of(request, current=request.GET.get("current", ""))
    return render(request, "desk/_folders.html", {"desk": desk})


def list_of(account: Account, folder: str, *, after: str = "", shown: str = "") -> dict[str, Any]:
    """What the list of a folder shows, for the folder's page and for the pages of its messages."""
    # The address bar is anybody's: Python itself refuses to read a number of thousands of digits.
    limit = min(most_rows, max(listing.rows, int(shown[:4]))) if shown.isdecimal() else listing.rows
    return {
        "folder": folder,
        "folder_label": labels[folder],
        "page": _page_of(account, folder, after=after, limit=limit),
        "counts": listing.counts_of(account),
        "is_first_page": not after,
    }


def _page_of(account: Account, folder: str, *, after: str, limit: int) -> listing.Page[Any]:
    if folder == drafts:
        return listing.draft_page(account, after=after, limit=limit)
    return listing.folder_page(account, Folder(folder), at=timezone.now(), after=after, limit=limit)
