"""A folder, a page at a time: at most three queries for fifty rows, however large the mailbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import seeing, subjects
from letterlock.domain.mailbox.models import Draft, DraftKind, Folder, Message, Participation, Role
from letterlock.domain.mailbox.seeing import Meter
from letterlock.domain.policies import limits
from letterlock.foundation.kernel import pages

Item = TypeVar("Item")

#: Names a row has room for; the rest is counted.
named_people = 3
rows = limits.rows_per_page


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """Rows, newest first; `after` asks for the following page, and is empty on the last."""

    rows: tuple[Item, ...]
    after: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One message in a folder.

    `people` are the names a row shows: the sender of what one received, the recipients of what one sent; `more` is how
    many were left out. `expires_at` is set only while it lies ahead. `meter` where the viewer sees tracking.
    """

    participation_id: UUID
    message_id: UUID
    subject: str
    people: tuple[str, ...]
    more: int
    is_own: bool
    at: datetime
    is_unread: bool
    is_recalled: bool
    is_expired: bool
    expires_at: datetime | None
    has_replied: bool
    meter: Meter | None


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """One draft. `people` are the addresses as typed, at most three; `more` is how many were left out."""

    draft_id: UUID
    kind: DraftKind
    subject: str
    people: tuple[str, ...]
    more: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What stands beside the folders: unread messages of the Inbox, and drafts."""

    inbox: int
    drafts: int


def folder_page(account: Account, folder: Folder, *, at: datetime, after: str = "", limit: int = rows) -> Page[Row]:
    """The messages of one's own folder, newest first, beginning after the row that `after` names."""
    places = Participation.objects.visible_to(account).filter(folder=folder)
    places = places.select_related("message", "message__sender", "message__recall")
    page = pages.page_of(places, by="sorted_at", after=after, limit=limit)
    recipients = _recipients_of([place.message for place in page.rows if place.role == Role.FROM])
    return Page(rows=tuple(_row(place, recipients=recipients, at=at) for place in page.rows), after=page.after)


def draft_page(account: Account, *, after: str = "", limit: int = rows) -> Page[DraftRow]:
    """One's own drafts that have something in them, the latest saved first."""
    page = pages.page_of(Draft.objects.visible_to(account).written(), by="saved_at", after=after, limit=limit)
    return Page(rows=tuple(_draft_row(draft) for draft in page.rows), after=page.after)


def counts_of(account: Account) -> Counts:
    """Two counts over partial indexes: they grow with what is unread, not with the mailbox."""
    unread = Participation.objects.visible_to(account).filter(folder=Folder.INBOX, is_unread=True)
    return Counts(inbox=unread.count(), drafts=Draft.objects.visible_to(account).written().count())


def row_of(message: Message, *, account: Account, at: datetime) -> Row:
    """The one row of a message, to show it anew. Refuses NotFound."""
    place = seeing.place_of(message, viewer=account)
    recipients = _recipients_of([message] if place.role == Role.FROM else [])
    return _row(place, recipients=recipients, at=at)


def _recipients_of(messages: Sequence[Message]) -> dict[UUID, list[Participation]]:
    """The first recipients of messages one sent oneself, in one query that 500 recipients do not make longer."""
    if not messages:
        return {}
    others = Participation.objects.filter(
        message__in=messages, position__lt=named_people, removed_at=None, granted_by=None
    ).exclude(role=Role.FROM)
    by_message: dict[UUID, list[Participation]] = {}
    for other in others.select_related("account"):
        by_message.setdefault(other.message_id, []).append(other)
    return by_message


def _row(place: Participation, *, recipients: dict[UUID, list[Participation]], at: datetime) -> Row:
    message = place.message
    people, more = _label(place, recipients=recipients)
    is_expired = message.is_expired(at=at)
    return Row(
        participation_id=place.id,
        message_id=message.id,
        subject=subjects.subject_of(message),
        people=people,
        more=more,
        is_own=place.role == Role.FROM,
        at=place.sorted_at,
        is_unread=place.is_unread,
        is_recalled=message.is_recalled,
        is_expired=is_expired,
        expires_at=None if is_expired or message.is_recalled else message.expires_at,
        has_replied=place.replied_at is not None,
        meter=seeing.meter_of(message, viewer=place),
    )


def _label(place: Participation, *, recipients: dict[UUID, list[Participation]]) -> tuple[tuple[str, ...], int]:
    if place.role != Role.FROM:
        return (place.message.sender.shown_name,), 0
    shown = seeing.in_order(recipients.get(place.message_id, []))[:named_people]
    return tuple(one.account.shown_name for one in shown), max(0, place.message.all_people - len(shown))


def _draft_row(draft: Draft) -> DraftRow:
    addresses = [*draft.to, *draft.cc, *draft.bcc]
    return DraftRow(
        draft_id=draft.id,
        kind=DraftKind(draft.kind),
        subject=subjects.subject_of(draft),
        people=tuple(addresses[:named_people]),
        more=max(0, len(addresses) - named_people),
        at=draft.saved_at,
    )
