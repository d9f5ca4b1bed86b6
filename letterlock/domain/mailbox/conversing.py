"""The conversation around a message: by reference, never by copy.

Each message keeps its own key, so what was recalled or expired shows here as its notice and nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import heading, seeing, subjects
from letterlock.domain.mailbox.heading import Notice
from letterlock.domain.mailbox.models import Message, Participation, Role
from letterlock.domain.mailbox.seeing import Person

#: Of a longer conversation the nearest are shown.
most_shown = 50


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Another message of the conversation that the viewer has a part in. Its text is opened by opening it."""

    message_id: UUID
    subject: str
    sender: Person
    sent_at: datetime
    is_own: bool
    is_unread: bool
    notice: Notice | None


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """The messages before and after this one, each list in the order of sending."""

    earlier: tuple[Neighbour, ...]
    later: tuple[Neighbour, ...]


def conversation_of(message: Message, *, viewer: Account, at: datetime) -> Conversation:
    """The neighbours the viewer may still open, or whose notice is theirs to see: two queries."""
    return Conversation(
        earlier=earlier_messages(message, viewer=viewer, at=at),
        later=_neighbours(_places(message, viewer).filter(_after(message)).order_by("message__sent_at", "id"), at=at),
    )


def earlier_messages(message: Message, *, viewer: Account, at: datetime) -> tuple[Neighbour, ...]:
    """What came before, oldest first: the nearest fifty."""
    before = Q(message__sent_at__lt=message.sent_at) | Q(message__sent_at=message.sent_at, message_id__lt=message.id)
    nearest_first = _places(message, viewer).filter(before).order_by("-message__sent_at", "-message_id")
    return _neighbours(nearest_first, at=at)[::-1]


def _after(message: Message) -> Q:
    return Q(message__sent_at__gt=message.sent_at) | Q(message__sent_at=message.sent_at, message_id__gt=message.id)


def _places(message: Message, viewer: Account) -> QuerySet[Participation]:
    root = message.root_id or message.id
    places = Participation.objects.visible_to(viewer).filter(Q(message__root_id=root) | Q(message_id=root))
    return places.exclude(message_id=message.id).select_related("account", "message__sender", "message__recall")


def _neighbours(places: QuerySet[Participation], *, at: datetime) -> tuple[Neighbour, ...]:
    return tuple(_neighbour(place, at=at) for place in places[:most_shown])


def _neighbour(place: Participation, *, at: datetime) -> Neighbour:
    message = place.message
    return Neighbour(
        message_id=message.id,
        subject=subjects.subject_of(message),
        sender=seeing.person_of(message.sender, viewer=place.account),
        sent_at=message.sent_at,
        is_own=place.role == Role.FROM,
        is_unread=place.is_unread,
        notice=heading.notice_of(message, viewer=place, at=at),
    )
