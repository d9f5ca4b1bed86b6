"""Letting a person in who has just proven who they are."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from letterlock.domain.accounts.events import AccountEvent
from letterlock.domain.accounts.models import Account, KnownBrowser, Session
from letterlock.domain.platforms.models import Platform
from letterlock.domain.policies import limits
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.secrets import Secret
from letterlock.foundation.vault import deriving

key_bytes = 32
longest_client = 120


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A fresh session. `key` goes into the cookie and nowhere else: the row has only its SHA-256."""

    account: Account
    key: Secret[str]
    session: Session


@transactions.required
def admit(account: Account, *, browser: str | None, client: str, at: datetime, method: str) -> SignedIn:
    """Start a session with a key nobody has seen before, and remember the browser as one of its owner's."""
    key = secrets.token_urlsafe(key_bytes)
    session = Session.objects.create(
        key_hash=deriving.hash_key(key),
        platform=account.platform,
        account=account,
        client=client[:longest_client],
        auth_methods=[method],
        created_at=at,
        authenticated_at=at,
        last_seen_at=at,
    )
    if browser:
        _remember(account, browser, at=at)
    note_session(AccountEvent.SESSION_STARTED, session, client=session.client, at=at)
    return SignedIn(account=account, key=Secret(key), session=session)


def is_known_browser(browser: str | None, *, platform: Platform, address: str) -> bool:
    """Whether the owner of this address, in its normal form, has signed in with the browser before."""
    owned = KnownBrowser.objects.filter(account__platform=platform, account__address=address)
    return owned.filter(browser_hash=deriving.hash_key(browser or "")).exists()


@transactions.required
def end(sessions: list[Session], *, at: datetime) -> None:
    """End those of the sessions that are still open; each is a fact of its own."""
    for session in sessions:
        if Session.objects.filter(id=session.id, ended_at=None).update(ended_at=at):
            session.ended_at = at
            note_session(AccountEvent.SESSION_ENDED, session, at=at)


@transactions.required
def end_all(account: Account, *, at: datetime, but: Session | None = None) -> None:
    """End every session of the account, except one."""
    others = account.sessions.filter(ended_at=None)
    end([session for session in others if but is None or session.id != but.id], at=at)


def note_session(event: AccountEvent, session: Session, *, at: datetime, client: str = "") -> None:
    """Record what happened to a session."""
    recording.record(
        event,
        platform_id=session.platform_id,
        subject_id=session.account_id,
        object_id=session.id,
        actor=str(session.account_id),
        client=client,
        at=at,
    )


def _remember(account: Account, browser: str, *, at: datetime) -> None:
    account.known_browsers.update_or_create(browser_hash=deriving.hash_key(browser), defaults={"seen_at": at})
    newest = account.known_browsers.order_by("-seen_at", "-id").values("id")[: limits.known_browsers_per_account]
    KnownBrowser.objects.filter(account=account).exclude(id__in=list(newest.values_list("id", flat=True))).delete()
