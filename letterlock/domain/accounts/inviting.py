"""Inviting people who have no account yet, and what their links mean."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts import metering
from letterlock.domain.accounts.events import AccountEvent
from letterlock.domain.accounts.models import Account, Invitation, InvitationPurpose, State
from letterlock.domain.platforms import addressing
from letterlock.domain.platforms.models import Platform
from letterlock.domain.policies import limits
from letterlock.domain.policies.addresses import Address
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_opaque_id
from letterlock.foundation.kernel.refusals import Kind, NotFound, Refusal
from letterlock.foundation.outbox import posting
from letterlock.foundation.vault import deriving, key_pairs
from letterlock.foundation.vault.models import Holder

#: How many revoked links are still told from forged ones, to say "use the newer mail" instead of "not found".
remembered_generations = 10


class InvitationLimit(Refusal):
    """Fifty new people a day for each sender, so that nobody sends bulk mail through the platform."""

    kind = Kind.LIMITED
    code = "accounts.invitation_limit"
    sentence = _(
        "You can invite {limit} new people in 24 hours, and {left} of these are left. Nothing was sent; the draft is "
        "safe. Write to fewer new people, or try again later."
    )


class MayNotInvite(Refusal):
    """Guests answer; they bring nobody in."""

    kind = Kind.FORBIDDEN
    code = "accounts.may_not_invite"
    sentence = _("Guests cannot invite people. Nothing was sent; ask the person who wrote to you to invite them.")


class AlreadyRegistered(Refusal):
    """The account is in use: its owner signs in."""

    kind = Kind.CONFLICT
    code = "accounts.already_registered"
    sentence = _("This invitation has been used: the account exists. Nothing was changed; please sign in.")


class InvitationLapsed(Refusal):
    """The link was good once."""

    kind = Kind.GONE
    code = "accounts.invitation_lapsed"
    sentence = _(
        "This invitation has lapsed. What was sent to you is not lost; ask the person who wrote to you to send the "
        "invitation again."
    )


class LinkReplaced(Refusal):
    """A newer link was sent to the same address."""

    kind = Kind.GONE
    code = "accounts.link_replaced"
    sentence = _("This link has been replaced by a newer one. Nothing is lost; please use the link in the latest mail.")


class SignedInAsSomebodyElse(Refusal):
    """The browser is signed in, and not as the person the link is for. Nothing is spent."""

    kind = Kind.CONFLICT
    code = "accounts.signed_in_as_somebody_else"
    sentence = _(
        "This invitation is for somebody else than the account you are signed in with. It has not been used up; sign "
        "out first if it is meant for you."
    )


@transactions.opened
def ensure_accounts(addresses: Sequence[Address], *, platform: Platform, at: datetime) -> dict[str, Account]:
    """The account of each address, by normal form and in its order; a pending one is made where there was none.

    Two senders who meet the same new address at once get one and the same pending account.
    """
    return prepare_accounts(addresses, platform=platform, at=at)


@transactions.required
def prepare_accounts(addresses: Sequence[Address], *, platform: Platform, at: datetime) -> dict[str, Account]:
    """`ensure_accounts` for a verb that has its transaction open already."""
    by_normal = {address.normal: address for address in sorted(addresses, key=lambda address: address.normal)}
    known = _accounts_at(by_normal, platform=platform)
    fresh = [
        _pending(address, platform=platform, at=at) for normal, address in by_normal.items() if normal not in known
    ]
    if fresh:
        Account.objects.bulk_create(fresh, ignore_conflicts=True)
        known = _accounts_at(by_normal, platform=platform)
    # A row that another sender made meanwhile has another id than ours, and its own key pair.
    for account in fresh:
        if known[account.address].id == account.id:
            key_pairs.create_key_pair(Holder(account.id), platform_id=platform.id, at=at)
    return {normal: known[normal] for normal in by_normal}


@transactions.required
def invite(account: Account, *, by: Account, at: datetime) -> Invitation:
    """The open invitation of a pending account: the one it has, or a new generation when that has lapsed.

    No job is posted: the notice of the message that made `by` invite somebody carries the link.

    Refuses: AlreadyRegistered, MayNotInvite, InvitationLimit. An open invitation is returned to anybody, at no cost.
    """
    account = _locked(account)
    if not account.is_pending:
        raise AlreadyRegistered
    invitation = invitation_of(account)
    if invitation is not None and invitation.is_open(at=at):
        return invitation
    return _open(account, invitation, by=by, at=at)


@transactions.opened
def send_again(invitation: Invitation, *, by: Account, at: datetime, about_id: UUID | None = None) -> Invitation:
    """Mail a new link, which revokes the old one; 30 days begin anew. `about_id` names what the mail shall speak of.

    Refuses: AlreadyRegistered, MayNotInvite, InvitationLimit (a lapsed one counts as new), TooManyTries.
    """
    account = _locked(invitation.account)
    invitation = account.invitations.get(id=invitation.id)
    if not account.is_pending:
        raise AlreadyRegistered
    again = metering.meter(limits.invitations_sent_again, invitation.id, platform_id=account.platform_id)
    metering.spend([again], at=at)
    renewed = (
        _renew(invitation, by=by, at=at) if invitation.is_open(at=at) else _open(account, invitation, by=by, at=at)
    )
    ids = {"invitation_id": str(renewed.id)} | ({"about_id": str(about_id)} if about_id else {})
    posting.post_each(
        AccountEvent.ACCOUNT_INVITED, [ids], platform_id=account.platform_id, order_key=str(account.id), at=at
    )
    return renewed


def demand_room(newcomers: Collection[Address], *, by: Account, at: datetime) -> None:
    """Refuse InvitationLimit when these people, invited all at once, would be more than are left.

    Before anything is made for them; `invite` asks again for each, under the lock that two letters at once need.
    """
    open_ = Invitation.objects.filter(purpose=InvitationPurpose.REGISTER, accepted_at=None, expires_at__gt=at)
    normals = {address.normal for address in newcomers}
    free = open_.filter(platform_id=by.platform_id, account__address__in=normals).count()
    left = invitations_left(by, at=at)
    if len(normals) - free > left:
        raise InvitationLimit(limit=limits.invitations_per_day, left=left)


def invitation_of(account: Account) -> Invitation | None:
    """The invitation by mail, open or not. A set-up link is the operator's and is never mailed."""
    return account.invitations.filter(purpose=InvitationPurpose.REGISTER).first()


def invitations_left(by: Account, *, at: datetime) -> int:
    """How many new people this account may still invite in the 24 hours that end now."""
    # Rows count exactly: only an invitation that lapsed, 30 days ago, can have been taken over by somebody else.
    since = at - timedelta(days=1)
    spent = Invitation.objects.filter(invited_by=by, invited_at__gt=since).count()
    return max(0, limits.invitations_per_day - spent)


def link_of(invitation: Invitation) -> str:
    """The public address that leads to registering, or for the operator's kind to setting up."""
    folder = "set-up" if invitation.purpose == InvitationPurpose.SET_UP else "invitations"
    return addressing.url_of(invitation.platform, f"/{folder}/{invitation.id}/{_token_of(invitation)}/")


def read_link(
    invitation_id: UUID,
    token: str,
    *,
    platform: Platform,
    at: datetime,
    visitor: Account | None = None,
    purpose: InvitationPurpose = InvitationPurpose.REGISTER,
) -> Invitation:
    """The invitation that the link stands for. Changes nothing, whoever opens it and however often.

    Refuses: NotFound, LinkReplaced, AlreadyRegistered, SignedInAsSomebodyElse, InvitationLapsed.
    """
    invitation = _reach(invitation_id, token, platform=platform, purpose=purpose)
    if not invitation.account.is_pending:
        raise AlreadyRegistered
    if visitor is not None:
        raise SignedInAsSomebodyElse
    if not invitation.is_open(at=at):
        raise InvitationLapsed
    return invitation


def _accounts_at(by_normal: dict[str, Address], *, platform: Platform) -> dict[str, Account]:
    found = Account.objects.of(platform).filter(address__in=list(by_normal)).select_related("platform")
    return {account.address: account for account in found}


def _pending(address: Address, *, platform: Platform, at: datetime) -> Account:
    account = Account(platform=platform, address=address.normal, mail_address=address.shown, created_at=at)
    account.set_unusable_password()
    return account


def _locked(account: Account) -> Account:
    locked: Account = Account.objects.locked().get(id=account.id)
    return locked


def _open(account: Account, invitation: Invitation | None, *, by: Account, at: datetime) -> Invitation:
    if not by.may_write_to_anybody:
        raise MayNotInvite
    _locked(by)
    if (left := invitations_left(by, at=at)) < 1:
        raise InvitationLimit(limit=limits.invitations_per_day, left=left)
    if invitation is None:
        invitation = Invitation(id=new_opaque_id(), platform=account.platform, account=account, generation=0)
    invitation.invited_by, invitation.invited_at = by, at
    return _renew(invitation, by=by, at=at)


def _renew(invitation: Invitation, *, by: Account, at: datetime) -> Invitation:
    if not by.may_write_to_anybody:
        raise MayNotInvite
    invitation.generation += 1
    invitation.expires_at = at + limits.invitation_lifetime
    invitation.save()
    recording.record(
        AccountEvent.ACCOUNT_INVITED,
        platform_id=invitation.platform_id,
        subject_id=invitation.account_id,
        object_id=invitation.id,
        actor=str(by.id),
        address=invitation.account.address,
        at=at,
    )
    return invitation


def _reach(invitation_id: UUID, token: str, *, platform: Platform, purpose: InvitationPurpose) -> Invitation:
    invitation = (
        Invitation.objects.filter(id=invitation_id, platform=platform, purpose=purpose)
        .exclude(account__state=State.CLOSED)
        .select_related("account", "platform")
        .first()
    )
    if invitation is None:
        raise NotFound
    if deriving.matches(token, _token_of(invitation)):
        return invitation
    if _is_former_token(token, invitation):
        raise LinkReplaced
    raise NotFound


def _is_former_token(token: str, invitation: Invitation) -> bool:
    oldest = max(1, invitation.generation - remembered_generations)
    former = (_token_of(invitation, generation=number) for number in range(oldest, invitation.generation))
    return any(deriving.matches(token, each) for each in former)


def _token_of(invitation: Invitation, *, generation: int | None = None) -> str:
    return deriving.derive_token(
        # SECURITY: a mailed link must not open the page that asks for no code. See
        # test_a_mailed_link_is_nothing_at_the_page_for_setting_up.
        f"invitation: {invitation.purpose}",
        platform_id=invitation.platform_id,
        row_id=invitation.id,
        generation=generation or invitation.generation,
    )
