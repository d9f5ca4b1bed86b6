"""Setting the first password by the link that an operator handed over."""

from datetime import datetime

from letterlock.domain.accounts import admitting, inviting, passwords, registering
from letterlock.domain.accounts.admitting import SignedIn
from letterlock.domain.accounts.models import Account, Invitation, InvitationPurpose
from letterlock.domain.accounts.proving import Proposal
from letterlock.domain.policies import names, zones
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import NotFound


def set_password(
    invitation: Invitation,
    *,
    name: str,
    password: str,
    client: str,
    at: datetime,
    time_zone: str = "",
    browser: str | None = None,
) -> SignedIn:
    """Take the account into use and sign its owner in. The link works once, within 24 hours.

    Refuses: NotFound (a mailed invitation asks for a code), AlreadyRegistered, InvitationLapsed, InvalidName,
    InvalidTimeZone, WeakPassword.
    """
    if invitation.purpose != InvitationPurpose.SET_UP:
        raise NotFound
    proposal = Proposal(
        name=names.read_name(name), time_zone=zones.read_zone(time_zone), password_hash=passwords.hash_new(password)
    )
    return _set_up(invitation, proposal, browser=browser, client=client, at=at)


@transactions.opened
def _set_up(invitation: Invitation, proposal: Proposal, *, browser: str | None, client: str, at: datetime) -> SignedIn:
    account: Account = Account.objects.locked().get(id=invitation.account_id)
    if not account.is_pending:
        raise inviting.AlreadyRegistered
    current = account.invitations.get(id=invitation.id)
    if not current.is_open(at=at):
        raise inviting.InvitationLapsed
    # The operator may have made a new link while this page was open.
    if current.generation != invitation.generation:
        raise inviting.LinkReplaced
    registering.take_into_use(account, proposal, at=at)
    return admitting.admit(account, browser=browser, client=client, method="password", at=at)
