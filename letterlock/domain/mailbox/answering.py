"""What an answer may be: to whom, about what, and until when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import corresponding
from letterlock.domain.mailbox.models import Draft, DraftKind, Message, Participation, Recall, Role
from letterlock.foundation.kernel.refusals import Kind, Refusal


class ParentGone(Refusal):
    """Recalled, expired, or taken away from this person while the answer was written."""

    kind = Kind.GONE
    code = "mailbox.parent_gone"
    sentence = _(
        "The message you are answering was recalled, has expired, or is no longer yours, so it cannot be answered. "
        "Nothing was sent; what you wrote is safe in Drafts."
    )


class ReplyFrozen(Refusal):
    kind = Kind.FORBIDDEN
    code = "mailbox.reply_frozen"
    sentence = _(
        "The sender has set “Reply freeze”: answers go to the sender only. Nothing was sent; remove the other people."
    )


class BccCannotReplyAll(Refusal):
    kind = Kind.FORBIDDEN
    code = "mailbox.bcc_cannot_reply_all"
    sentence = _(
        "You received this message as a blind copy: an answer to all would tell the others of you. Nothing was sent; "
        "you can answer the sender."
    )


@dataclass(frozen=True, kw_only=True)
class Addressees:
    """Whom an answer is addressed to at first."""

    to: list[str]
    cc: list[str]


def demand_answerable(parent: Message, *, by: Account, at: datetime) -> Participation:
    """One's own place in a message that can be answered. Refuses ParentGone."""
    place = Participation.objects.visible_to(by).filter(message_id=parent.id).first()
    is_recalled = Recall.objects.filter(message_id=parent.id).exists()
    if place is None or is_recalled or parent.is_expired(at=at):
        raise ParentGone
    return place


def parent_of(draft: Draft) -> Message | None:
    """The message a draft answers, None for a new letter. Refuses ParentGone when it is no longer there."""
    if draft.kind == DraftKind.NEW:
        return None
    parent = Message.objects.select_related("root").filter(id=draft.parent_id).first() if draft.parent_id else None
    if parent is None:
        raise ParentGone
    return parent


def addressees_of(parent: Message, *, kind: DraftKind, place: Participation) -> Addressees:
    """The people of an answer. Refuses ReplyFrozen and BccCannotReplyAll.

    An answer to one's own message goes to those it was sent to. Nobody's Bcc is ever among them.
    """
    if kind == DraftKind.REPLY_ALL:
        _demand_reply_to_all(parent, place=place)
    others = corresponding.open_people_of(parent.id).exclude(account_id=place.account_id)
    people = list(others.select_related("account").order_by("position", "id"))
    to = [one for one in people if one.role == Role.FROM] + [one for one in people if one.role == Role.TO]
    if kind == DraftKind.REPLY_ALL:
        return Addressees(to=_addresses(to), cc=_addresses([one for one in people if one.role == Role.CC]))
    return Addressees(to=_addresses(to if place.role == Role.FROM else to[:1]), cc=[])


def frozen_to(parent: Message, *, by: Account) -> frozenset[UUID] | None:
    """Under "Reply freeze" the only people an answer may go to; None for no such limit.

    The options are those of the conversation's first message, so its sender is the one whom they do not bind.
    """
    first = parent.root or parent
    if not parent.reply_freeze or by.id == first.sender_id:
        return None
    return frozenset({parent.sender_id, first.sender_id})


def _demand_reply_to_all(parent: Message, *, place: Participation) -> None:
    if place.role == Role.BCC:
        raise BccCannotReplyAll
    if frozen_to(parent, by=place.account) is not None:
        raise ReplyFrozen


def _addresses(people: list[Participation]) -> list[str]:
    return [one.account.shown_address for one in people]
