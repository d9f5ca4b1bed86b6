"""Signing in and out, and knowing a signed-in browser again.

Answers and work are the same whether an account exists or not. Failures fill buckets: one for the address, one for
the address and the network, one for the network. A browser its owner has signed in with before has a bucket of its
own instead, so that strangers cannot lock the owner out.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts import admitting, metering, passwords, settings
from letterlock.domain.accounts.admitting import SignedIn
from letterlock.domain.accounts.metering import Meter, meter
from letterlock.domain.accounts.models import Account, Session, SessionKind, State
from letterlock.domain.platforms.models import Platform
from letterlock.domain.policies import addresses, limits
from letterlock.domain.policies.addresses import InvalidAddress
from letterlock.foundation.kernel import logs, transactions
from letterlock.foundation.kernel.refusals import Kind, NotFound, Refusal
from letterlock.foundation.vault import deriving

log = logs.get("accounts")


class WrongSignIn(Refusal):
    """No account, a pending one, or another password: one answer for all."""

    kind = Kind.INVALID
    code = "accounts.wrong_sign_in"
    sentence = _(
        "Address and password do not belong together on this platform. Check which platform you are on, try again, or "
        "reset the password."
    )


def sign_in(
    *,
    platform: Platform,
    address: str,
    password: str,
    browser: str | None,
    network: str,
    client: str,
    at: datetime,
    replacing: Session | None = None,
) -> SignedIn:
    """Start a session. `replacing` is the one this browser had: it ends, for a key is never kept across a sign-in.

    Refuses: WrongSignIn, TooManyTries.
    """
    attempt = _begin(platform=platform, address=address, browser=browser, network=network, at=at)
    if not passwords.is_right(password, account=attempt.account) or attempt.account is None:
        log.info("Sign-in refused", platform_id=platform.id)
        raise WrongSignIn
    _renew_hash(attempt.account, password)
    return _let_in(attempt.account, attempt.meters, browser=browser, client=client, at=at, replacing=replacing)


@transactions.opened
def sign_out(session: Session, *, at: datetime) -> None:
    """End this session; again changes nothing."""
    admitting.end([session], at=at)


@transactions.opened
def end_session(account: Account, session_id: UUID, *, at: datetime) -> None:
    """End one of the account's sessions from afar. Raises NotFound for anybody else's."""
    session = open_sessions(account, at=at).filter(id=session_id).first()
    if session is None:
        raise NotFound
    admitting.end([session], at=at)


@transactions.opened
def end_other_sessions(session: Session, *, at: datetime) -> None:
    """End every session of the account but this one."""
    admitting.end_all(session.account, at=at, but=session)


def open_sessions(account: Account, *, at: datetime) -> QuerySet[Session]:
    """The account's sessions that still open something. The caller orders them."""
    return _open(at=at).filter(account=account)


def session_of_cookie(value: str, *, platform: Platform, at: datetime, touch: bool = True) -> Session | None:
    """The session whose key this is, on this platform; None when it ended or lapsed.

    `touch` keeps the idle limit from running out, and writes at most once a minute; asking what is new does not touch.
    Where nothing can be written, as on a full disk, people can still read.
    """
    sessions = _open(at=at).filter(key_hash=deriving.hash_key(value), platform=platform, kind=SessionKind.WEB)
    session = sessions.select_related("account", "platform").first()
    if session is not None and touch and at - session.last_seen_at >= limits.session_seen_every:
        try:
            _touch(session, at=at)
        except (DatabaseError, transactions.Busy) as failure:
            log.warning("Session not touched", session_id=session.id, error=type(failure).__name__)
    return session


@dataclass(frozen=True, kw_only=True)
class _Attempt:
    account: Account | None
    meters: list[Meter]


@transactions.opened
def _begin(*, platform: Platform, address: str, browser: str | None, network: str, at: datetime) -> _Attempt:
    normal = _normal_form(address)
    meters = _meters(platform, normal, browser=browser, network=network)
    metering.spend(meters, at=at)
    account = Account.objects.of(platform).active().select_related("platform").filter(address=normal).first()
    return _Attempt(account=account, meters=meters)


def _normal_form(typed: str) -> str:
    """The address, or a digest of what was typed when it is none: that is nobody's, and costs the same work."""
    try:
        return addresses.read_address(typed).normal
    except InvalidAddress:
        # Not the text itself: a database need not take every character that a browser can send.
        return hashlib.sha256(typed.encode("utf-8", errors="replace")).hexdigest()


def _meters(platform: Platform, normal: str, *, browser: str | None, network: str) -> list[Meter]:
    if admitting.is_known_browser(browser, platform=platform, address=normal):
        return [meter(limits.sign_ins_from_a_known_browser, normal, browser, platform_id=platform.id)]
    return [
        meter(limits.sign_ins_for_an_address, normal, platform_id=platform.id),
        meter(limits.sign_ins_for_an_address_from_a_network, normal, network, platform_id=platform.id),
        meter(limits.sign_ins_from_a_network, network, platform_id=platform.id),
    ]


def _renew_hash(account: Account, password: str) -> None:
    """Hash the right password anew when the costs were raised since: only now is it known."""
    fresh = passwords.renewed(password, account=account)
    if fresh == account.password:
        return
    with transactions.writing():
        if Account.objects.filter(id=account.id, password=account.password).update(password=fresh):
            account.password = fresh


@transactions.opened
def _let_in(
    account: Account,
    meters: list[Meter],
    *,
    browser: str | None,
    client: str,
    at: datetime,
    replacing: Session | None,
) -> SignedIn:
    _refuse_changed(account)
    metering.give_back(meters, at=at)
    if replacing is not None:
        admitting.end([replacing], at=at)
    return admitting.admit(account, browser=browser, client=client, method="password", at=at)


def _refuse_changed(account: Account) -> None:
    # SECURITY: the hash was compared outside of any transaction. A password that was changed meanwhile is wrong now.
    if not Account.objects.active().locked().filter(id=account.id, password=account.password):
        raise WrongSignIn


def _open(*, at: datetime) -> QuerySet[Session]:
    limit = settings.read()
    return Session.objects.filter(
        ended_at=None,
        last_seen_at__gt=at - limit.session_idle,
        created_at__gt=at - limit.session_lifetime,
        account__state=State.ACTIVE,
    )


@transactions.opened
def _touch(session: Session, *, at: datetime) -> None:
    Session.objects.filter(id=session.id, last_seen_at__lt=at).update(last_seen_at=at)
    session.last_seen_at = at
