"""Notices in the page: the first access of each person, told once to each who may know of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import changing, seeing, subjects
from letterlock.domain.mailbox.models import Participation
from letterlock.domain.notices.models import PageNotice
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_opaque_id

first_access = "first access"
fragment = "notices"


@dataclass(frozen=True, kw_only=True)
class ShownNotice:
    """One line: somebody retrieved a message for the first time, at `retrieved_at`."""

    id: UUID
    message_id: UUID
    subject: str
    person: str
    retrieved_at: datetime
    is_seen: bool


@transactions.required
def notice_access(reader: Participation, *, at: datetime) -> None:
    """Tell the sender, and where tracking is shared everybody who may know of the reader.

    SECURITY: the watchers are those of the slip. A Bcc's access is the sender's to know alone, while somebody who was
    Bcc'd is told of open people. See test_who_is_told_of_an_access.
    """
    everybody = reader.message.participations.select_related("message").filter(purged_at=None, removed_at=None)
    watchers = seeing.watchers_of(reader, everybody=everybody)
    told = {watcher.account_id for watcher in watchers} - {reader.account_id}
    notices = [_notice(reader, to=account_id, at=at) for account_id in told]
    PageNotice.objects.bulk_create(notices, ignore_conflicts=True)
    changing.stir(told, fragments=[fragment, f"message:{reader.message_id}"])


def _notice(reader: Participation, *, to: UUID, at: datetime) -> PageNotice:
    return PageNotice(
        id=new_opaque_id(), platform_id=reader.platform_id, account_id=to, about=reader, kind=first_access, at=at
    )


def unseen_notices(account: Account) -> list[ShownNotice]:
    """What this person has not seen yet, newest first, of messages that are still theirs."""
    return [_shown(notice) for notice in _visible_to(account).filter(seen_at=None)[:50]]


def recent_notices(account: Account, *, limit: int = 20) -> list[ShownNotice]:
    """The latest notices, seen or not, newest first."""
    return [_shown(notice) for notice in _visible_to(account)[:limit]]


def count_unseen(account: Account) -> int:
    return _visible_to(account).filter(seen_at=None).count()


@transactions.opened
def mark_seen(account: Account, *, at: datetime, notice_ids: Iterable[UUID] | None = None) -> None:
    """These notices, or all of them, have been seen. One that came after the page was made stays unseen if the ids
    are given."""
    notices = PageNotice.objects.filter(account=account, seen_at=None)
    if notice_ids is not None:
        notices = notices.filter(id__in=list(notice_ids))
    if notices.update(seen_at=at):
        changing.stir([account.id], fragments=[fragment])


def _visible_to(account: Account) -> QuerySet[PageNotice]:
    places = Participation.objects.visible_to(account)
    notices = PageNotice.objects.filter(account=account, about__message__in=places.values("message"))
    return notices.select_related("about__message", "about__account").order_by("-at", "-id")


def _shown(notice: PageNotice) -> ShownNotice:
    reader = notice.about
    return ShownNotice(
        id=notice.id,
        message_id=reader.message_id,
        subject=subjects.subject_of(reader.message),
        person=reader.account.shown_name,
        retrieved_at=reader.retrieved_at or notice.at,
        is_seen=notice.seen_at is not None,
    )
