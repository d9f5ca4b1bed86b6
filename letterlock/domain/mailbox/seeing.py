"""Who may know of whom: the rules that keep a Bcc from being betrayed, in one place.

Everything a person sees of the others (slip, history, meter, list, feed) asks here first.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox.models import Message, Participation, Role
from letterlock.foundation.kernel.refusals import NotFound

open_roles = frozenset({Role.TO, Role.CC})
role_order = {Role.FROM: 0, Role.TO: 1, Role.CC: 2, Role.BCC: 3}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody as the pages name them. `is_viewer` lets a page say "you"."""

    name: str
    address: str
    is_viewer: bool = False


@dataclass(frozen=True, kw_only=True)
class Meter:
    """How many of the people the viewer knows of have retrieved the message."""

    retrieved: int
    people: int


def sees(other: Participation, *, viewer: Participation) -> bool:
    """Whether the viewer may know that the other takes part.

    The sender sees all; everybody sees oneself, the sender and the open people. Whoever was removed, or came in
    by somebody's forward, is known to the sender alone.
    """
    if viewer.role == Role.FROM or other.id == viewer.id or other.role == Role.FROM:
        return True
    return other.role in open_roles and other.granted_by_id is None and other.removed_at is None


def sees_tracking(message: Message, *, viewer: Participation) -> bool:
    """The sender, if tracking is on; recipients too, if it is shared."""
    return message.tracking and (viewer.role == Role.FROM or message.share_tracking)


def place_of(message: Message, *, viewer: Account) -> Participation:
    """The viewer's own part in the message; NotFound for everybody else, and once purged or removed."""
    place = Participation.objects.visible_to(viewer).filter(message_id=message.id).first()
    if place is None:
        raise NotFound
    place.account = viewer
    return place


def senders_place(message: Message, *, viewer: Account) -> Participation:
    """The place of whoever sent it. Refuses NotFound to everybody else."""
    place = place_of(message, viewer=viewer)
    if place.role != Role.FROM:
        raise NotFound
    return place


def people_of(message: Message, *, viewer: Participation) -> list[Participation]:
    """The participations the viewer may know of, sender first, in the order of the envelope."""
    candidates = _candidates(message, viewer=viewer).select_related("account")
    others = candidates.prefetch_related("account__invitations")
    return in_order(other for other in others if sees(other, viewer=viewer))


def _candidates(message: Message, *, viewer: Participation) -> QuerySet[Participation]:
    # SECURITY: left out in the database already, so that the time of an answer does not grow with how many were Bcc'd.
    # See test_no_answer_to_a_recipient_reads_a_bcc.
    if viewer.role == Role.FROM:
        return message.participations.all()
    return message.participations.filter(Q(role__in=[Role.FROM, *open_roles]) | Q(id=viewer.id))


def in_order(participations: Iterable[Participation]) -> list[Participation]:
    """Sender, To, Cc, Bcc; within a role as they were typed."""
    return sorted(participations, key=lambda one: (role_order[Role(one.role)], one.position, one.id))


def watchers_of(watched: Participation, *, everybody: Iterable[Participation]) -> list[Participation]:
    """Whose pages change when something happens to this person: those who see both the person and the tracking."""
    message = watched.message
    return [
        other
        for other in everybody
        if other.id == watched.id or (sees_tracking(message, viewer=other) and sees(watched, viewer=other))
    ]


def meter_of(message: Message, *, viewer: Participation) -> Meter | None:
    """Counted from the row alone; None where the viewer sees no tracking.

    SECURITY: a recipient is handed the open counters, never the ones that count a Bcc. Somebody who was Bcc'd adds
    oneself. See test_nothing_a_recipient_sees_tells_a_bcc.
    """
    if not sees_tracking(message, viewer=viewer):
        return None
    if viewer.role == Role.FROM:
        return Meter(retrieved=message.all_retrieved, people=message.all_people)
    own = int(viewer.role == Role.BCC)
    opened = int(own and viewer.retrieved_at is not None)
    return Meter(retrieved=message.open_retrieved + opened, people=message.open_people + own)


def person_of(account: Account, *, viewer: Account) -> Person:
    return Person(name=account.shown_name, address=account.shown_address, is_viewer=account.id == viewer.id)
