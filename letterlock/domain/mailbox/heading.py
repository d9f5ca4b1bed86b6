"""What the page shows of a message before anybody opens it: the envelope, and the notice of a message taken back.

Everything here is the envelope's, and looking at it is recorded nowhere.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import answering, seeing, subjects
from letterlock.domain.mailbox.models import Folder, Message, Participation, Recall, Role
from letterlock.domain.mailbox.seeing import Person
from letterlock.foundation.kernel.identifiers import spell_message_code
from letterlock.foundation.vault import envelopes

reason_label = "recall reason"
default_reason = _("The sender gave no reason.")

tracked_openly = _("The sender, and everybody the message is openly addressed to, see whether and when you open it.")
tracked_for_sender = _("The sender sees whether and when you open this message.")
not_tracked = _(
    "Tracking is disabled: nobody sees whether you open this message. The platform's audit record is kept all the same."
)


class NoticeKind(StrEnum):
    """Why a message is shown as a notice."""

    RECALLED = "recalled"
    EXPIRED = "expired"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What stands in the letter's place once it was recalled or has expired.

    `reason` is the sender's, or the default sentence; empty for an expired message. `opened_at` is when the viewer
    had opened it first. `is_readable`: the sender's own copy of a recalled message still opens.
    """

    kind: NoticeKind
    at: datetime
    sender: Person
    reason: str
    opened_at: datetime | None
    is_readable: bool
    keys_destroyed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Head:
    """The envelope as one viewer may see it, and what this viewer may do with the message.

    `bcc` holds everybody for the sender, oneself for one who was Bcc'd, nobody otherwise. `moves` are the folders it
    can go to from here. `tracking_words` is said to a recipient before opening.
    """

    message_id: UUID
    code: str
    subject: str
    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    bcc: tuple[Person, ...]
    sent_at: datetime
    expires_at: datetime | None
    folder: Folder
    moves: tuple[Folder, ...]
    is_own: bool
    is_unread: bool
    is_reviewed: bool
    is_retrieved: bool
    notice: Notice | None
    tracking_words: Any
    may_open: bool
    may_reply: bool
    may_reply_all: bool
    may_recall: bool
    may_purge: bool


def head_of(message: Message, *, viewer: Account, at: datetime) -> Head:
    """The envelope for the viewer. Refuses NotFound to everybody who has no part in the message."""
    place = seeing.place_of(message, viewer=viewer)
    people = seeing.people_of(message, viewer=place)
    notice = notice_of(message, viewer=place, at=at)
    return Head(
        message_id=message.id,
        code=spell_message_code(message.code),
        subject=subjects.subject_of(message),
        **named_by_role(people, viewer=viewer),
        sent_at=message.sent_at,
        expires_at=message.expires_at,
        folder=Folder(place.folder),
        moves=moves_from(place),
        is_own=place.role == Role.FROM,
        is_unread=place.is_unread,
        is_reviewed=place.reviewed_at is not None,
        is_retrieved=place.retrieved_at is not None,
        notice=notice,
        tracking_words=tracking_words(message, place=place),
        may_open=notice is None or notice.is_readable,
        may_reply=notice is None,
        may_reply_all=notice is None and may_reply_all(message, place=place, people=people),
        may_recall=may_recall(place, notice=notice),
        may_purge=place.folder == Folder.TRASH,
    )


def reason_of(recall: Recall, *, platform_id: UUID) -> str:
    """The sender's words, or the default sentence."""
    if not recall.sealed_reason:
        return str(default_reason)
    return envelopes.open_text(
        bytes(recall.sealed_reason), platform_id=platform_id, object_id=recall.message_id, label=reason_label
    )


def recall_of(message: Message) -> Recall | None:
    """The taking back of this message, if it was."""
    return message.recall if message.is_recalled else None


def notice_of(message: Message, *, viewer: Participation, at: datetime) -> Notice | None:
    """What stands in the letter's place, or None while the message can be opened. Expiry covers a recall."""
    recall = recall_of(message)
    expired = message.is_expired(at=at)
    if not expired and recall is None:
        return None
    return Notice(
        kind=NoticeKind.EXPIRED if recall is None else NoticeKind.RECALLED,
        at=recall.recalled_at if recall else _expiry_of(message),
        sender=seeing.person_of(message.sender, viewer=viewer.account),
        reason=reason_of(recall, platform_id=message.platform_id) if recall else "",
        opened_at=None if viewer.role == Role.FROM else viewer.retrieved_at,
        is_readable=recall is not None and not expired and keeps_own_copy(recall, place=viewer),
        keys_destroyed_at=message.keys_destroyed_at,
    )


def keeps_own_copy(recall: Recall, *, place: Participation) -> bool:
    """Whether this person can still read the recalled message: its sender, unless that copy went too."""
    return place.role == Role.FROM and not recall.destroys_own_copy


def moves_from(place: Participation) -> tuple[Folder, ...]:
    """The folders this person can move the message to; what one sent never goes to the Inbox."""
    home = home_of(place)
    return tuple(folder for folder in (home, Folder.ARCHIVE, Folder.TRASH) if folder != place.folder)


def home_of(place: Participation) -> Folder:
    """Where the message was first: Sent for its sender, Inbox for everybody else."""
    return Folder.SENT if place.role == Role.FROM else Folder.INBOX


def tracking_words(message: Message, *, place: Participation) -> Any:
    """What a recipient is told before opening; a sender knows, having set it."""
    if place.role == Role.FROM:
        return ""
    if not message.tracking:
        return not_tracked
    return tracked_openly if message.share_tracking else tracked_for_sender


def named_by_role(people: list[Participation], *, viewer: Account) -> dict[str, Any]:
    """The four lines of an envelope, without whoever was removed."""
    there = [one for one in people if one.removed_at is None]
    named = {role: _line(role, there, viewer=viewer) for role in Role}
    return {"sender": named[Role.FROM][0], "to": named[Role.TO], "cc": named[Role.CC], "bcc": named[Role.BCC]}


def _line(role: Role, people: list[Participation], *, viewer: Account) -> tuple[Person, ...]:
    return tuple(seeing.person_of(one.account, viewer=viewer) for one in people if _stands_in(one, role, viewer=viewer))


def _stands_in(one: Participation, role: Role, *, viewer: Account) -> bool:
    """Senders who wrote to themselves too stand in two lines; that they did so by Bcc only they see."""
    return one.role == role or (one.also == role and (role in seeing.open_roles or one.account_id == viewer.id))


def may_recall(place: Participation, *, notice: Notice | None) -> bool:
    """Whether "Recall" is offered: to the sender, unless a Guest, while there is something to take back."""
    return place.role == Role.FROM and notice is None and place.account.may_write_to_anybody


def may_reply_all(message: Message, *, place: Participation, people: list[Participation]) -> bool:
    """Whether "Reply all" is offered: when it reaches somebody "Reply" does not, and never to one who was Bcc'd."""
    if place.role == Role.BCC or answering.frozen_to(message, by=place.account) is not None:
        return False
    reached = Role.TO if place.role == Role.FROM else Role.FROM
    others = [one for one in people if one.id != place.id and one.role != Role.BCC and one.removed_at is None]
    return any(one.role != reached for one in others)


def _expiry_of(message: Message) -> datetime:
    if message.expires_at is None:
        raise RuntimeError("A message without an expiry was taken for expired.")
    return message.expires_at
