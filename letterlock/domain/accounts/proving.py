"""Proving an address: a code that is mailed there and typed in the browser that asked for it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.events import AccountEvent
from letterlock.domain.accounts.models import Account, Challenge, ChallengePurpose
from letterlock.domain.platforms.models import Platform
from letterlock.domain.policies import limits
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.outbox import posting
from letterlock.foundation.vault import deriving


class CookiesNeeded(Refusal):
    """A code is bound to a browser by a cookie; this one sent none."""

    kind = Kind.INVALID
    code = "accounts.cookies_needed"
    sentence = _("Your browser did not send back our cookie. Nothing was used up; please allow cookies and try again.")


class WrongCode(Refusal):
    """Other digits than those in the mail; the try is counted."""

    kind = Kind.INVALID
    code = "accounts.wrong_code"
    sentence = _("These are not the digits in the mail. Tries left for this code: {left}.")


class CodeGone(Refusal):
    """Expired, used, used up, or asked for by another browser: one answer for all of them."""

    kind = Kind.GONE
    code = "accounts.code_gone"
    sentence = _(
        "There is no code waiting in this browser: it is over ten minutes old, was used, or was tried five times. "
        "Nothing is lost; please ask for a new one."
    )


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What becomes of the account when the code is right; the password as its hash."""

    name: str = ""
    password_hash: str = ""
    time_zone: str = ""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The right digits were typed: this account's address belongs to whoever typed them. Not spent yet."""

    challenge: Challenge
    account: Account


@transactions.required
def request_code(
    purpose: ChallengePurpose,
    *,
    platform: Platform,
    account: Account | None,
    browser: str,
    at: datetime,
    proposal: Proposal = Proposal(),
) -> Challenge:
    """Owe a mail with a fresh code. Without an account the same rows are written, and no mail will leave.

    Refuses: CookiesNeeded.
    """
    if not browser:
        raise CookiesNeeded
    challenge = Challenge.objects.create(
        platform=platform,
        account=account,
        purpose=purpose,
        browser_hash=deriving.hash_key(browser),
        tries_left=limits.code_tries,
        proposed_name=proposal.name,
        proposed_password=proposal.password_hash,
        proposed_time_zone=proposal.time_zone,
        created_at=at,
        expires_at=at + limits.code_lifetime,
    )
    _owe_mail(challenge, at=at)
    return challenge


@transactions.opened
def request_another(challenge_id: UUID, *, browser: str, platform: Platform, at: datetime) -> Challenge:
    """Mail a new code, which revokes the old one: at most twice, within the hour.

    Refuses: CodeGone. The answer is the same whether there is an account or not.
    """
    challenge = _asked_in(browser, platform).select_for_update().filter(id=challenge_id, used_at=None).first()
    if challenge is None or challenge.generation >= limits.codes_per_question or _is_over(challenge, at=at):
        raise CodeGone
    challenge.generation += 1
    challenge.tries_left = limits.code_tries
    challenge.expires_at = at + limits.code_lifetime
    challenge.save()
    _owe_mail(challenge, at=at)
    return challenge


def demand_waiting(
    challenge_id: UUID, *, purpose: ChallengePurpose, browser: str, platform: Platform, at: datetime
) -> None:
    """Refuse CodeGone unless a code can still be typed here; costs no try."""
    if not _usable(purpose, browser=browser, platform=platform, at=at).filter(id=challenge_id).exists():
        raise CodeGone


def prove(
    challenge_id: UUID, *, purpose: ChallengePurpose, code: str, browser: str, platform: Platform, at: datetime
) -> Proof:
    """Whose address was proven, if these are the digits. Each call costs one try, before they are compared.

    Refuses: CodeGone, WrongCode.
    """
    challenge = _take_try(challenge_id, purpose=purpose, browser=browser, platform=platform, at=at)
    is_right = deriving.matches(_digits_of(code), code_of(challenge))
    # SECURITY: nobody's code was never mailed; a lucky guess of it must not lead further than a wrong one.
    if challenge.account is None or not is_right:
        raise WrongCode(left=challenge.tries_left)
    return Proof(challenge=challenge, account=challenge.account)


@transactions.required
def use(proof: Proof, *, at: datetime) -> None:
    """Spend the challenge, once. Raises CodeGone for whoever comes second."""
    if not Challenge.objects.filter(id=proof.challenge.id, used_at=None).update(used_at=at):
        raise CodeGone


@transactions.required
def drop_all(account: Account, *, at: datetime) -> None:
    """Spend every open challenge of the account: whoever asked for them has not proven anything."""
    account.challenges.filter(used_at=None).update(used_at=at)


def code_of(challenge: Challenge) -> str:
    """The eight digits, for the mail that carries them."""
    return deriving.derive_code(
        f"code: {challenge.purpose}",
        platform_id=challenge.platform_id,
        row_id=challenge.id,
        generation=challenge.generation,
    )


@transactions.opened
def _take_try(
    challenge_id: UUID, *, purpose: ChallengePurpose, browser: str, platform: Platform, at: datetime
) -> Challenge:
    # One conditional UPDATE: however many threads ask at once, a code is compared five times and no more.
    usable = _usable(purpose, browser=browser, platform=platform, at=at)
    if not usable.filter(id=challenge_id).update(tries_left=F("tries_left") - 1):
        raise CodeGone
    return Challenge.objects.select_related("account", "platform").get(id=challenge_id)


def _usable(purpose: ChallengePurpose, *, browser: str, platform: Platform, at: datetime) -> QuerySet[Challenge]:
    return _asked_in(browser, platform).filter(purpose=purpose, used_at=None, expires_at__gt=at, tries_left__gt=0)


def _asked_in(browser: str, platform: Platform) -> QuerySet[Challenge]:
    return Challenge.objects.filter(platform=platform, browser_hash=deriving.hash_key(browser))


def _is_over(challenge: Challenge, *, at: datetime) -> bool:
    return at >= challenge.created_at + limits.question_lifetime


def _owe_mail(challenge: Challenge, *, at: datetime) -> None:
    recording.record(
        AccountEvent.CODE_REQUESTED,
        platform_id=challenge.platform_id,
        subject_id=challenge.account_id,
        object_id=challenge.id,
        at=at,
    )
    posting.post(AccountEvent.CODE_REQUESTED, platform_id=challenge.platform_id, at=at, challenge_id=str(challenge.id))


def _digits_of(typed: str) -> str:
    # Spaces and dashes are forgiven, and so are the digits of other scripts.
    return "".join(str(int(character)) for character in typed[:_longest_typed] if character.isdecimal())


_longest_typed = 40
