"""Adding people by the hand of whoever operates the platform."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts import inviting
from letterlock.domain.accounts.events import AccountEvent
from letterlock.domain.accounts.models import Account, Invitation, InvitationPurpose, Status
from letterlock.domain.platforms import founding
from letterlock.domain.platforms.models import Platform
from letterlock.domain.policies import limits, names
from letterlock.domain.policies.addresses import Address
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import Kind, Refusal


class PersonExists(Refusal):
    """The address has an account that is in use."""

    kind = Kind.CONFLICT
    code = "accounts.person_exists"
    sentence = _("{address} has an account on this platform already. Nothing was changed.")


def found_platform(
    *,
    name: str,
    host: str,
    accent: str,
    support_address: str,
    administrator: Address,
    administrator_name: str,
    at: datetime,
) -> Invitation:
    """Found a platform and add its administrator. Refuses what `founding.found_platform` refuses, and InvalidName."""
    person = names.read_name(administrator_name)
    platform = founding.found_platform(name=name, host=host, accent=accent, support_address=support_address, at=at)
    return add_person(platform, address=administrator, name=person, status=Status.ADMINISTRATOR, at=at)


@transactions.opened
def add_person(platform: Platform, *, address: Address, name: str, status: Status, at: datetime) -> Invitation:
    """Make the account, or take over the pending one, and answer its set-up invitation: 24 hours, once.

    Adding somebody who has not set a password yet again makes a new link and revokes the old one.

    Refuses: PersonExists, InvalidName.
    """
    person = names.read_name(name)
    account = inviting.prepare_accounts([address], platform=platform, at=at)[address.normal]
    account = Account.objects.locked().get(id=account.id)
    if not account.is_pending:
        raise PersonExists(address=address.shown)
    Account.objects.filter(id=account.id).update(name=person, status=status)
    invitation = _renew_set_up(account, at=at)
    _note(account, invitation, at=at)
    return invitation


def _renew_set_up(account: Account, *, at: datetime) -> Invitation:
    invitation = account.invitations.filter(purpose=InvitationPurpose.SET_UP).first() or Invitation(
        platform=account.platform, account=account, purpose=InvitationPurpose.SET_UP, generation=0
    )
    invitation.generation += 1
    invitation.invited_at, invitation.expires_at = at, at + limits.set_up_lifetime
    invitation.save()
    return invitation


def _note(account: Account, invitation: Invitation, *, at: datetime) -> None:
    recording.record(
        AccountEvent.PERSON_ADDED,
        platform_id=account.platform_id,
        subject_id=account.id,
        object_id=invitation.id,
        address=account.address,
        at=at,
    )
