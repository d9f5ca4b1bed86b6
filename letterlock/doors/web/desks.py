"""What stands around every signed-in page: folders with their counts, notices, the number changes are asked from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render as render_template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import changing, listing
from letterlock.domain.notices import noticing
from letterlock.domain.notices.noticing import ShownNotice
from letterlock.doors.frame.requests import SignedInRequest

listed_notices = 12


@dataclass(frozen=True, kw_only=True)
class FolderLink:
    """A folder in the rail. `counted` says in words what `count` counts."""

    name: str
    label: Any
    icon: str
    count: int = 0
    counted: str = ""
    is_news: bool = False


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything `desk.html` asks for."""

    folders: tuple[FolderLink, ...]
    current: str
    since: int
    notices: Sequence[ShownNotice]
    unseen_notices: int


def render(
    request: SignedInRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    current: str = "",
    since: int | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """A whole page of the desk; `current` names the folder one is in, `since` the number that its rows are from."""
    desk = desk_of(request, current=current, since=since)
    return render_template(request, template, {**(context or {}), "desk": desk}, status=status)


def since(request: SignedInRequest) -> int:
    """The number from which a page asks what is new; for a page of rows or letters read before any of them.

    What changes in between is then fetched once too often, and never once too rarely.
    """
    return changing.number_of(request.account)


def desk_of(request: SignedInRequest, *, current: str = "", since: int | None = None) -> Desk:
    """Five short reads: the change number, two counts, the notices and how many of them are unseen."""
    # Before what the desk itself shows, for the same reason.
    number = changing.number_of(request.account) if since is None else since
    return Desk(
        folders=folders_of(request.account),
        current=current,
        since=number,
        notices=noticing.recent_notices(request.account, limit=listed_notices),
        unseen_notices=noticing.count_unseen(request.account),
    )


def folders_of(account: Account) -> tuple[FolderLink, ...]:
    """The folders in the order of the rail. What is in Archive and Trash is not counted: nothing there waits."""
    counts = listing.counts_of(account)
    unread = ngettext("unread message", "unread messages", counts.inbox)
    drafts = ngettext("draft", "drafts", counts.drafts)
    return (
        FolderLink(name="inbox", label=_("Inbox"), icon="inbox", count=counts.inbox, counted=unread, is_news=True),
        FolderLink(name="drafts", label=_("Drafts"), icon="pencil", count=counts.drafts, counted=drafts),
        FolderLink(name="sent", label=_("Sent"), icon="send"),
        FolderLink(name="archive", label=_("Archive"), icon="archive"),
        FolderLink(name="trash", label=_("Trash"), icon="trash-2"),
    )
