"""The people every test knows.

On Acme: Alice and Carol are Professionals, Bob is a Guest, Dora is the Administrator.
On Globex: Mallory is a Professional, and somebody there has the very address of Alice.
All of them use the same password, and were there long before any test begins.
"""

import functools
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from letterlock.domain.accounts.models import Account, Session, State, Status
from letterlock.domain.platforms import founding
from letterlock.domain.platforms.models import Platform
from letterlock.foundation.kernel import transactions
from letterlock.foundation.vault import key_pairs
from letterlock.foundation.vault.models import Holder

password = "correct horse battery"
founded_at = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Platforms:
    """Two platforms on one server."""

    acme: Platform
    globex: Platform


@dataclass(frozen=True)
class People:
    """Who is who; `by_name("alice")` serves access tables."""

    alice: Account
    bob: Account
    carol: Account
    dora: Account
    mallory: Account
    alice_at_globex: Account

    def by_name(self, name: str) -> Account:
        account: Account = getattr(self, name)
        return account


class Browser(Client):
    """Django's test client, always over HTTPS."""

    def request(self, **request: Any) -> Any:
        return super().request(**request | {"wsgi.url_scheme": "https", "SERVER_PORT": "443"})


def found_platforms() -> Platforms:
    """Acme and Globex, with keys of their own."""
    return Platforms(
        acme=_found("Acme Legal", "acme.localhost", accent="#1f5f4f"),
        globex=_found("Globex Finance", "globex.localhost", accent="#4a3f8f"),
    )


def gather_people(platforms: Platforms) -> People:
    """The whole cast, registered, each with a key pair."""
    acme, globex = platforms.acme, platforms.globex
    return People(
        alice=register(acme, "alice@acme.example", name="Alice Ashdown", status=Status.PROFESSIONAL),
        bob=register(acme, "bob@client.example", name="Bob Brennan", status=Status.GUEST),
        carol=register(acme, "carol@acme.example", name="Carol Castell", status=Status.PROFESSIONAL),
        dora=register(acme, "dora@acme.example", name="Dora Dvorak", status=Status.ADMINISTRATOR),
        mallory=register(globex, "mallory@globex.example", name="Mallory Marsh", status=Status.PROFESSIONAL),
        alice_at_globex=register(globex, "alice@acme.example", name="Alice Elsewhere", status=Status.GUEST),
    )


def register(platform: Platform, address: str, *, name: str, status: Status = Status.GUEST) -> Account:
    """One more person, registered: row and keys as the accounts room leaves them, without the mails on the way."""
    account = Account(
        platform=platform,
        address=address,
        name=name,
        status=status,
        state=State.ACTIVE,
        password=_hashed_password(),
        created_at=founded_at,
        registered_at=founded_at,
    )
    with transactions.writing():
        account.save(force_insert=True)
        key_pairs.create_key_pair(Holder(account.id), platform_id=platform.id, at=founded_at)
    return account


def visit(account: Account) -> Browser:
    """A browser in which this person is signed in, on the right host, over HTTPS."""
    cookie, now = secrets.token_urlsafe(32), timezone.now()
    with transactions.writing():
        Session.objects.create(
            key_hash=sha256(cookie.encode()).digest(),
            platform=account.platform,
            account=account,
            client="Chromium on Linux",
            auth_methods=["password"],
            created_at=now,
            authenticated_at=now,
            last_seen_at=now,
        )
    browser = stranger(account.platform)
    browser.cookies["__Host-letterlock"] = cookie
    return browser


def stranger(platform: Platform) -> Browser:
    """A browser nobody is signed in with, on the platform's host, over HTTPS."""
    return Browser(headers={"host": platform.host}, SERVER_NAME=platform.host)


@functools.cache
def _hashed_password() -> str:
    # Argon2id is slow on purpose: once a test process is enough, since every account has the same password.
    return make_password(password)


def _found(name: str, host: str, *, accent: str) -> Platform:
    address = f"support@{host.partition('.')[0]}.example"
    return founding.found_platform(name=name, host=host, accent=accent, support_address=address, at=founded_at)
