"""The Delivery Slip: what is proven about a message, for one viewer.

First times come from the participations, every occurrence from the ledger. Who may see what is decided in `seeing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import heading, recounting, seeing, stamping
from letterlock.domain.mailbox.heading import Notice
from letterlock.domain.mailbox.models import Message, Participation, Role
from letterlock.domain.mailbox.recounting import Occurrence
from letterlock.domain.mailbox.seeing import Meter, Person
from letterlock.domain.mailbox.stamping import First, Stamp
from letterlock.foundation.kernel.identifiers import spell_message_code
from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.vault.settings import vault_settings


class NotOpenedYet(Refusal):
    """The slip is handed out by opening it, because seeing it is a fact of its own."""

    kind = Kind.CONFLICT
    code = "mailbox.not_opened_yet"
    sentence = _("Open the message or its Delivery Slip first. Nothing was recorded so far.")


class TrackingState(StrEnum):
    """What the viewer sees of tracking, and why."""

    OWN = "own"
    SHARED = "shared"
    NOT_SHARED = "not shared"
    DISABLED = "disabled"


tracking_words: dict[TrackingState, Any] = {
    TrackingState.OWN: _("Tracking is enabled."),
    TrackingState.SHARED: _("Shared with you by the sender."),
    TrackingState.NOT_SHARED: _("Only the sender sees tracking."),
    TrackingState.DISABLED: _("Tracking is disabled. The platform's audit record is kept all the same."),
}


@dataclass(frozen=True, kw_only=True)
class Participant:
    """One line of the tracking list.

    `at` is the time of the stamp. `firsts` is in the order of time. After a recall `retrieved_at` says whether and
    when this person had it before. `participation_id`, `server_said` and what may be done (`may_resend`,
    `may_correct`) are for the sender alone.
    """

    person: Person
    role: Role
    stamp: Stamp
    words: Any
    at: datetime | None
    firsts: tuple[First, ...]
    retrieved_at: datetime | None
    retrievals: int
    invitation_lapsed: bool
    participation_id: UUID | None
    server_said: str
    may_resend: bool
    may_correct: bool


@dataclass(frozen=True, kw_only=True)
class Option:
    """An option of the conversation, in words. `until` is the instant of an expiry, to be shown after the words."""

    code: str
    label: Any
    words: Any
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Slip:
    """The record beside a message, as one viewer may see it.

    `keys_destroyed_at` is set once the shares are gone from the disk; `snapshots_gone_at` is when the last snapshot
    of the keystore that may hold them is. `notice` as in `heading`.
    """

    message_id: UUID
    code: str
    platform_name: str
    own_address: str
    is_own: bool
    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    bcc: tuple[Person, ...]
    sent_at: datetime
    expires_at: datetime | None
    options: tuple[Option, ...]
    tracking: TrackingState
    tracking_words: Any
    meter: Meter | None
    participants: tuple[Participant, ...]
    notice: Notice | None
    keys_destroyed_at: datetime | None
    snapshots_gone_at: datetime | None
    may_recall: bool


def slip_of(message: Message, *, viewer: Account, at: datetime) -> Slip:
    """The slip for the viewer.

    Refuses NotFound to strangers, and NotOpenedYet to recipients who have neither reviewed nor retrieved.
    """
    place = opened_place_of(message, viewer=viewer)
    people = seeing.people_of(message, viewer=place)
    notice = heading.notice_of(message, viewer=place, at=at)
    state = tracking_state(message, viewer=place)
    destroyed = message.keys_destroyed_at
    return Slip(
        message_id=message.id,
        code=spell_message_code(message.code),
        platform_name=message.platform.name,
        own_address=viewer.shown_address,
        is_own=place.role == Role.FROM,
        **heading.named_by_role(people, viewer=viewer),
        sent_at=message.sent_at,
        expires_at=message.expires_at,
        options=options_of(message, at=at),
        tracking=state,
        tracking_words=tracking_words[state],
        meter=seeing.meter_of(message, viewer=place),
        participants=_participants(message, people=people, place=place, at=at),
        notice=notice,
        keys_destroyed_at=destroyed,
        snapshots_gone_at=destroyed + vault_settings().snapshots_kept if destroyed else None,
        may_recall=heading.may_recall(place, notice=notice),
    )


def history_of(message: Message, *, viewer: Account) -> list[Occurrence]:
    """Every occurrence the viewer may know of, oldest first. Refuses like `slip_of`.

    Whoever sees no tracking reads what happened to the message itself: sent, recalled, expired, keys destroyed.
    """
    place = opened_place_of(message, viewer=viewer)
    tracked = seeing.people_of(message, viewer=place) if seeing.sees_tracking(message, viewer=place) else []
    return recounting.occurrences(message, people=[one for one in tracked if one.role != Role.FROM], viewer=viewer)


def opened_place_of(message: Message, *, viewer: Account) -> Participation:
    """The viewer's part, once its slip was handed out; senders have it from the start."""
    place = seeing.place_of(message, viewer=viewer)
    if place.role != Role.FROM and place.reviewed_at is None and place.retrieved_at is None:
        raise NotOpenedYet
    return place


def tracking_state(message: Message, *, viewer: Participation) -> TrackingState:
    """Who sees tracking, said to this viewer."""
    if not message.tracking:
        return TrackingState.DISABLED
    if viewer.role == Role.FROM:
        return TrackingState.OWN
    return TrackingState.SHARED if message.share_tracking else TrackingState.NOT_SHARED


def options_of(message: Message, *, at: datetime) -> tuple[Option, ...]:
    """The options that are on, and tracking either way, in the order of the compose page."""
    options = [_tracking_option(message)]
    if message.reply_freeze:
        options.append(Option(code="reply_freeze", label=_("Reply freeze"), words=_("answers go to the sender only")))
    if message.expires_at is not None:
        expired = message.is_expired(at=at)
        words = _("expired") if expired else _("expires")
        options.append(Option(code="expiry", label=_("Expiry"), words=words, until=message.expires_at))
    return tuple(options)


def _tracking_option(message: Message) -> Option:
    if not message.tracking:
        words = _("disabled")
    elif message.share_tracking:
        words = _("enabled, shared with recipients")
    else:
        words = _("enabled, for the sender only")
    return Option(code="tracking", label=_("Tracking"), words=words)


def _participants(
    message: Message, *, people: Sequence[Participation], place: Participation, at: datetime
) -> tuple[Participant, ...]:
    if not seeing.sees_tracking(message, viewer=place):
        return ()
    return tuple(_participant(one, message=message, viewer=place, at=at) for one in people if one.role != Role.FROM)


def _participant(one: Participation, *, message: Message, viewer: Participation, at: datetime) -> Participant:
    furthest = stamping.furthest_of(one, message=message)
    stamp = furthest.stamp if furthest else Stamp.WAITING
    is_sender = viewer.role == Role.FROM
    may_help = is_sender and stamping.may_be_helped(one, message=message, at=at)
    return Participant(
        person=seeing.person_of(one.account, viewer=viewer.account),
        role=Role(one.role),
        stamp=stamp,
        words=stamping.words[stamp],
        at=furthest.at if furthest else None,
        firsts=stamping.firsts_of(one),
        retrieved_at=one.retrieved_at,
        retrievals=one.retrievals,
        invitation_lapsed=stamping.invitation_lapsed(one.account, at=at),
        participation_id=one.id if is_sender else None,
        server_said=one.not_delivered_because if is_sender else "",
        may_resend=may_help and one.account.is_pending,
        may_correct=may_help,
    )
