"""Verdicts on the recipients of a letter, the same while it is written and when it is sent."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account, State
from letterlock.domain.mailbox import answering, corresponding
from letterlock.domain.mailbox.models import Draft, Message
from letterlock.domain.policies import addresses as reading
from letterlock.domain.policies.addresses import Address, InvalidAddress
from letterlock.foundation.kernel.refusals import Kind, Refusal

is_new = _("{address} has no account yet. If you send, this person is invited.")
is_closed = _("The account of {address} is closed and cannot be written to.")


class RecipientState(enum.StrEnum):
    """What sending to an address would mean. Somebody invited who never registered is still new."""

    KNOWN = "known"
    NEW = "new"
    INVALID = "invalid"
    REFUSED = "refused"


class GuestsCannotInvite(Refusal):
    """One answer for strangers, other Guests and people of the platform: a Guest learns of no account."""

    kind = Kind.FORBIDDEN
    code = "mailbox.guests_cannot_invite"
    sentence = _(
        "As a guest you can write to the people you have exchanged messages with here, and cannot invite anybody. "
        "Nothing was sent.{whom}"
    )


@dataclass(frozen=True, kw_only=True)
class RecipientVerdict:
    """What is said of one address. `sentence` is empty where there is nothing to say."""

    typed: str
    normal: str
    shown: str
    name: str
    state: RecipientState
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Circle:
    """The accounts a letter may go to, and the "no" for all others; `allowed` is None where there is no limit."""

    allowed: frozenset[UUID] | None
    refusal: Refusal

    def holds(self, account: Account | None) -> bool:
        return self.allowed is None or (account is not None and account.id in self.allowed)


def check_recipients(addresses: Sequence[str], *, by: Account, draft: Draft) -> list[RecipientVerdict]:
    """A verdict on each address as typed, in their order. Refuses ParentGone."""
    return verdicts_on(addresses, by=by, circle=circle_of(by, parent=answering.parent_of(draft)))


def verdicts_on(addresses: Sequence[str], *, by: Account, circle: Circle) -> list[RecipientVerdict]:
    """A verdict on each address for a letter that may go to this circle; two queries, however many there are."""
    read = {typed: _read(typed) for typed in addresses}
    accounts = _accounts_at(read.values(), by=by, circle=circle)
    return [_verdict(typed, read[typed], accounts=accounts, circle=circle) for typed in addresses]


def circle_of(by: Account, *, parent: Message | None) -> Circle:
    """Whom this person may write to, in answer to `parent` or in a new letter."""
    frozen = answering.frozen_to(parent, by=by) if parent else None
    if frozen is not None:
        return Circle(allowed=frozen, refusal=answering.ReplyFrozen())
    if by.may_write_to_anybody:
        return Circle(allowed=None, refusal=Refusal())
    known = corresponding.members_known_to(by)
    refusal = GuestsCannotInvite(whom=corresponding.instead(known))
    return Circle(allowed=frozenset(_reachable(by, known=known, parent=parent)), refusal=refusal)


def _reachable(by: Account, *, known: Iterable[Account], parent: Message | None) -> set[UUID]:
    """For a Guest: those in the conversation openly, the Professionals met before, and oneself."""
    there = corresponding.open_people_of(parent.id).values_list("account_id", flat=True) if parent else ()
    return {by.id, *there, *(one.id for one in known)}


def _read(typed: str) -> Address | str:
    try:
        return reading.read_address(typed)
    except InvalidAddress as refusal:
        return refusal.explain()


def _accounts_at(read: Iterable[Address | str], *, by: Account, circle: Circle) -> dict[str, Account]:
    """Those that make a difference to the verdict: whoever is in the circle, or without one whoever is registered."""
    normals = {one.normal for one in read if isinstance(one, Address)}
    found = Account.objects.filter(platform_id=by.platform_id, address__in=normals)
    # SECURITY: a row that is read and then kept quiet about takes its time all the same.
    # See test_a_guest_learns_of_no_account_by_checking_a_recipient.
    found = found.exclude(state=State.PENDING) if circle.allowed is None else found.filter(id__in=circle.allowed)
    return {account.address: account for account in found}


def _verdict(typed: str, read: Address | str, *, accounts: Mapping[str, Account], circle: Circle) -> RecipientVerdict:
    if isinstance(read, str):
        return _say(typed, None, RecipientState.INVALID, read)
    account = accounts.get(read.normal)
    if not circle.holds(account):
        return _say(typed, read, RecipientState.REFUSED, circle.refusal.explain())
    if account is None:
        return _say(typed, read, RecipientState.NEW, is_new)
    if account.state == State.CLOSED:
        return _say(typed, read, RecipientState.REFUSED, is_closed)
    return _say(typed, read, RecipientState.KNOWN, "", name=account.name)


def _say(
    typed: str, address: Address | None, state: RecipientState, sentence: Any, *, name: str = ""
) -> RecipientVerdict:
    shown = address.shown if address else typed
    return RecipientVerdict(
        typed=typed,
        normal=address.normal if address else "",
        shown=shown,
        name=name,
        state=state,
        sentence=str(sentence).replace("{address}", shown),
    )
