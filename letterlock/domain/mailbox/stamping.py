"""How far somebody has come with a message: pure rules over one participation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox.models import Message, Participation


class Stamp(StrEnum):
    """The states of a participant; the furthest one is on the slip."""

    WAITING = "waiting"
    INVITED = "invited"
    NOTIFIED = "notified"
    NOT_DELIVERED = "not delivered"
    REVIEWED = "reviewed"
    RETRIEVED = "retrieved"
    REPLIED = "replied"
    PRINTED = "printed"
    DELETED = "deleted"
    RECALLED = "recalled"
    REMOVED = "removed"


words: dict[Stamp, Any] = {
    Stamp.WAITING: _("Waiting"),
    Stamp.INVITED: _("Invited"),
    Stamp.NOTIFIED: _("Notified"),
    Stamp.NOT_DELIVERED: _("Not delivered"),
    Stamp.REVIEWED: _("Reviewed"),
    Stamp.RETRIEVED: _("Retrieved"),
    Stamp.REPLIED: _("Replied"),
    Stamp.PRINTED: _("Printed"),
    Stamp.DELETED: _("Deleted"),
    Stamp.RECALLED: _("Recalled"),
    Stamp.REMOVED: _("Removed"),
}


@dataclass(frozen=True, kw_only=True)
class First:
    """The first time of one state."""

    stamp: Stamp
    words: Any
    at: datetime

    @property
    def is_reported(self) -> bool:
        """Whether a client says so, where everything else is what we did or saw ourselves."""
        return self.stamp == Stamp.PRINTED


def firsts_of(participation: Participation) -> tuple[First, ...]:
    """Every state this person has reached, in the order of time. A mail that could not be delivered counts until one
    could."""
    times = {
        Stamp.INVITED: participation.invited_at,
        Stamp.NOTIFIED: participation.notified_at,
        Stamp.NOT_DELIVERED: participation.not_delivered_at,
        Stamp.REVIEWED: participation.reviewed_at,
        Stamp.RETRIEVED: participation.retrieved_at,
        Stamp.REPLIED: participation.replied_at,
        Stamp.PRINTED: participation.printed_at,
        Stamp.DELETED: participation.purged_at,
        Stamp.REMOVED: participation.removed_at,
    }
    reached = [First(stamp=stamp, words=words[stamp], at=at) for stamp, at in times.items() if at is not None]
    return tuple(sorted(reached, key=lambda first: first.at))


def furthest_of(participation: Participation, *, message: Message) -> First | None:
    """What the stamp says: the furthest state, which is not always the latest.

    "Deleted" never hides that somebody had the text: it is furthest only for a person who never retrieved it.
    """
    if message.is_recalled and participation.removed_at is None:
        return First(stamp=Stamp.RECALLED, words=words[Stamp.RECALLED], at=message.recall.recalled_at)
    reached = {first.stamp: first for first in firsts_of(participation)}
    return next((reached[stamp] for stamp in _furthest_first if stamp in reached), None)


_furthest_first = (
    Stamp.REPLIED,
    Stamp.RETRIEVED,
    Stamp.REMOVED,
    Stamp.DELETED,
    Stamp.REVIEWED,
    Stamp.NOT_DELIVERED,
    Stamp.NOTIFIED,
    Stamp.INVITED,
)


def invitation_lapsed(account: Account, *, at: datetime) -> bool:
    """Whether this person was invited, never came, and the link is no longer good."""
    invitations = account.invitations.all() if account.is_pending else []
    return bool(invitations) and not any(invitation.is_open(at=at) for invitation in invitations)


def may_be_helped(participation: Participation, *, message: Message, at: datetime) -> bool:
    """Whether the sender can still do something so that this person gets the message."""
    is_stuck = participation.account.is_pending or participation.not_delivered_at is not None
    is_over = message.is_recalled or message.is_expired(at=at) or participation.removed_at is not None
    return is_stuck and not is_over and participation.retrieved_at is None
