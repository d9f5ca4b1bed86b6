"""Registering as a guest: name, password, and a code that proves the address."""

from datetime import datetime
from uuid import UUID

from letterlock.domain.accounts import admitting, inviting, metering, passwords, proving
from letterlock.domain.accounts.admitting import SignedIn
from letterlock.domain.accounts.events import AccountEvent
from letterlock.domain.accounts.models import (
    Account,
    Challenge,
    ChallengePurpose,
    Invitation,
    InvitationPurpose,
    State,
)
from letterlock.domain.accounts.proving import Proof, Proposal
from letterlock.domain.platforms.models import Platform
from letterlock.domain.policies import limits, names, zones
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import NotFound
from letterlock.foundation.outbox import posting


def begin(invitation: Invitation, *, name: str, password: str, time_zone: str, browser: str, at: datetime) -> Challenge:
    """Mail a code to the invited address. The invitation stays unspent, and so does its link.

    Refuses: AlreadyRegistered, InvitationLapsed, InvalidName, InvalidTimeZone, WeakPassword, CookiesNeeded,
    TooManyTries.
    """
    _refuse_unusable(invitation, at=at)
    proposal = Proposal(
        name=names.read_name(name), time_zone=zones.read_zone(time_zone), password_hash=passwords.hash_new(password)
    )
    return _ask(invitation, browser=browser, proposal=proposal, at=at)


def complete(challenge_id: UUID, *, code: str, browser: str, platform: Platform, client: str, at: datetime) -> SignedIn:
    """The address is proven: the account is in use, and its owner signed in.

    Refuses: CodeGone, WrongCode, AlreadyRegistered.
    """
    proof = proving.prove(
        challenge_id, purpose=ChallengePurpose.REGISTER, code=code, browser=browser, platform=platform, at=at
    )
    return _register(proof, browser=browser, client=client, at=at)


@transactions.required
def take_into_use(account: Account, proposal: Proposal, *, at: datetime) -> None:
    """Turn the pending account into one that can be signed in to, and drop whatever was begun on it before.

    Refuses: AlreadyRegistered.
    """
    proposed = {
        "name": proposal.name, "password": proposal.password_hash, "time_zone": proposal.time_zone,
        "state": State.ACTIVE, "registered_at": at,
    }  # fmt: skip
    if not Account.objects.filter(id=account.id, state=State.PENDING).update(**proposed):
        raise inviting.AlreadyRegistered
    account.refresh_from_db()
    account.invitations.filter(accepted_at=None).update(accepted_at=at)
    # SECURITY: an account must not be hijacked before its owner comes: nothing older than the proof survives it.
    admitting.end_all(account, at=at)
    proving.drop_all(account, at=at)
    account.known_browsers.all().delete()
    _announce(account, at=at)


def _refuse_unusable(invitation: Invitation, *, at: datetime) -> None:
    if invitation.purpose != InvitationPurpose.REGISTER:
        raise NotFound
    if not invitation.account.is_pending:
        raise inviting.AlreadyRegistered
    if not invitation.is_open(at=at):
        raise inviting.InvitationLapsed


@transactions.opened
def _ask(invitation: Invitation, *, browser: str, proposal: Proposal, at: datetime) -> Challenge:
    account, platform = invitation.account, invitation.platform
    # SECURITY: a bucket of its own. Anybody may ask for a reset of any address, and could keep the invited out.
    # See test_asking_for_resets_keeps_nobody_from_registering.
    meter = metering.meter(limits.codes_for_an_address, "register", account.address, platform_id=platform.id)
    metering.spend([meter], at=at)
    return proving.request_code(
        ChallengePurpose.REGISTER, platform=platform, account=account, browser=browser, proposal=proposal, at=at
    )


@transactions.opened
def _register(proof: Proof, *, browser: str, client: str, at: datetime) -> SignedIn:
    challenge = proof.challenge
    proving.use(proof, at=at)
    proposal = Proposal(
        name=challenge.proposed_name,
        password_hash=challenge.proposed_password,
        time_zone=challenge.proposed_time_zone,
    )
    take_into_use(proof.account, proposal, at=at)
    return admitting.admit(proof.account, browser=browser, client=client, method="password", at=at)


def _announce(account: Account, *, at: datetime) -> None:
    recording.record(
        AccountEvent.ACCOUNT_REGISTERED,
        platform_id=account.platform_id,
        subject_id=account.id,
        actor=str(account.id),
        address=account.address,
        at=at,
    )
    posting.post(AccountEvent.ACCOUNT_REGISTERED, platform_id=account.platform_id, at=at, account_id=str(account.id))
