"""One's own order: folders, unread marks, and deleting for good."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from letterlock.domain.mailbox import heading, moving
from letterlock.domain.mailbox.models import Folder
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web import desks
from letterlock.doors.web.mailbox import leaving, reaching
from letterlock.foundation.kernel.refusals import NotFound


@require_POST
@signed_in
def moves(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """Put the message into another of one's own folders."""
    message = reaching.message_of(request, message_id)
    wanted = request.POST.get("folder", "")
    if wanted not in Folder.values:
        raise NotFound
    left = moving.move(message, to=Folder(wanted), by=request.account, at=timezone.now())
    return leaving.for_folder(request, left, sentence=_moved_to(Folder(wanted)))


@require_POST
@signed_in
def marks(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """Mark as unread, and go back to the list: staying would read it again."""
    message = reaching.message_of(request, message_id)
    folder = moving.mark_unread(message, by=request.account)
    return leaving.for_folder(request, folder, sentence=_("Marked as unread."))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def deletion(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """Delete for good: first what that means, then the deed."""
    message = reaching.message_of(request, message_id)
    if request.method == "POST":
        moving.purge(message, by=request.account, at=timezone.now(), client=request.client)
        return leaving.for_folder(request, Folder.TRASH, sentence=_("Deleted for good."))
    head = heading.head_of(message, viewer=request.account, at=timezone.now())
    if request.htmx:
        return render(request, "mailbox/_deletion.html", {"head": head})
    return desks.render(request, "mailbox/asking.html", {"head": head, "asked": "deletion"}, current="trash")


def _moved_to(folder: Folder) -> str:
    return {
        Folder.INBOX: _("Moved to Inbox."),
        Folder.SENT: _("Moved to Sent."),
        Folder.ARCHIVE: _("Moved to Archive."),
        Folder.TRASH: _("Moved to Trash."),
    }[folder]
