"""A forgotten password: a code to the address, and a new one. Nobody learns whether the address has an account."""

from datetime import datetime
from uuid import UUID

from letterlock.domain.accounts import admitting, metering, passwords, proving
from letterlock.domain.accounts.admitting import SignedIn
from letterlock.domain.accounts.events import AccountEvent
from letterlock.domain.accounts.metering import Meter, meter
from letterlock.domain.accounts.models import Account, Challenge, ChallengePurpose, State
from letterlock.domain.accounts.proving import Proof
from letterlock.domain.platforms.models import Platform
from letterlock.domain.policies import addresses, limits
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import transactions
from letterlock.foundation.outbox import posting


@transactions.opened
def begin(*, platform: Platform, address: str, browser: str, network: str, at: datetime) -> Challenge:
    """Ask for a code. There is always a challenge; only one with an account behind it leads to a mail.

    Refuses: InvalidAddress, CookiesNeeded, TooManyTries.
    """
    normal = addresses.read_address(address).normal
    metering.spend(_meters(platform, normal, browser=browser, network=network), at=at)
    account = Account.objects.of(platform).active().filter(address=normal).first()
    return proving.request_code(ChallengePurpose.RESET, platform=platform, account=account, browser=browser, at=at)


def complete(
    challenge_id: UUID, *, code: str, password: str, browser: str, platform: Platform, client: str, at: datetime
) -> SignedIn:
    """Set the new password, end every session of the account, and start one here.

    A password that is refused costs no try.

    Refuses: CodeGone, WeakPassword, WrongCode.
    """
    # SECURITY: hashing is dear and shared by everybody who signs in. Whoever has no code waiting gets none.
    # See test_without_a_code_nothing_is_hashed.
    proving.demand_waiting(challenge_id, purpose=ChallengePurpose.RESET, browser=browser, platform=platform, at=at)
    password_hash = passwords.hash_new(password)
    proof = proving.prove(
        challenge_id, purpose=ChallengePurpose.RESET, code=code, browser=browser, platform=platform, at=at
    )
    return _reset(proof, password_hash, browser=browser, client=client, at=at)


def _meters(platform: Platform, normal: str, *, browser: str, network: str) -> list[Meter]:
    # SECURITY: anybody may ask for anybody. One network cannot use up what an address has, and a browser its owner has
    # signed in with has a bucket of its own. See test_a_stranger_who_asks_keeps_no_owner_from_a_reset.
    if admitting.is_known_browser(browser, platform=platform, address=normal):
        return [meter(limits.resets_from_a_known_browser, normal, browser, platform_id=platform.id)]
    return [
        meter(limits.resets_for_an_address, normal, platform_id=platform.id),
        meter(limits.resets_for_an_address_from_a_network, normal, network, platform_id=platform.id),
        meter(limits.codes_from_a_network, network, platform_id=platform.id),
    ]


@transactions.opened
def _reset(proof: Proof, password_hash: str, *, browser: str, client: str, at: datetime) -> SignedIn:
    proving.use(proof, at=at)
    account = Account.objects.active().locked().get(id=proof.account.id)
    Account.objects.filter(id=account.id, state=State.ACTIVE).update(password=password_hash)
    account.refresh_from_db()
    # Whoever knew the old password is out: sessions, codes they asked for, browsers that were spared the throttle.
    admitting.end_all(account, at=at)
    proving.drop_all(account, at=at)
    account.known_browsers.all().delete()
    _announce(account, client=client, at=at)
    return admitting.admit(account, browser=browser, client=client, method="code", at=at)


def _announce(account: Account, *, client: str, at: datetime) -> None:
    entry = recording.record(
        AccountEvent.PASSWORD_RESET,
        platform_id=account.platform_id,
        subject_id=account.id,
        actor=str(account.id),
        client=client,
        at=at,
    )
    posting.post(
        AccountEvent.PASSWORD_RESET,
        platform_id=account.platform_id,
        at=at,
        account_id=str(account.id),
        entry_id=str(entry.id),
    )
