"""What several tests of this room do first."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connections

from letterlock.domain.accounts import inviting, proving, registering, signing_in
from letterlock.domain.accounts.admitting import SignedIn
from letterlock.domain.accounts.models import Account, Challenge, Invitation
from letterlock.domain.policies import addresses
from letterlock.foundation.audit import reading
from letterlock.foundation.kernel import transactions
from letterlock.foundation.outbox.models import Job
from tests.cast import password

now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
second, minute, hour, day = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
browser = "the nonce of Erin's browser"
new_password = "a goose walks over granite"


def invite(by: Account, address: str = "erin@client.example", *, at: datetime = now) -> Invitation:
    """An invitation by mail, as sending a message makes it."""
    read = addresses.read_address(address)
    account = inviting.ensure_accounts([read], platform=by.platform, at=at)[read.normal]
    with transactions.writing():
        return inviting.invite(account, by=by, at=at)


def token_of(invitation: Invitation) -> str:
    return inviting.link_of(invitation).rstrip("/").rpartition("/")[2]


def begin(invitation: Invitation, *, at: datetime = now, **changes: Any) -> Challenge:
    """A registration form, filled in and sent."""
    form: dict[str, Any] = {
        "name": "Erin Eames",
        "password": new_password,
        "time_zone": "Europe/Zurich",
        "browser": browser,
    } | changes
    return registering.begin(invitation, **form, at=at)


def complete(challenge: Challenge, *, at: datetime = now, code: str | None = None, typed_in: str = browser) -> SignedIn:
    return registering.complete(
        challenge.id,
        code=proving.code_of(challenge) if code is None else code,
        browser=typed_in,
        platform=challenge.platform,
        client="Firefox on Android",
        at=at,
    )


def sign_in(account: Account, *, at: datetime = now, typed: str = password, **changes: Any) -> SignedIn:
    given: dict[str, Any] = {"address": account.address, "browser": "a browser", "network": "192.0.2.7"} | changes
    return signing_in.sign_in(platform=account.platform, password=typed, client="Chromium on Linux", at=at, **given)


def facts(account: Account) -> list[str]:
    """The short names of what the ledger says of this account."""
    return [fact.event.removeprefix("accounts.") for fact in reading.facts_about(account.platform_id, account.id)]


def posted(topic: str) -> list[dict[str, str]]:
    return list(Job.objects.filter(topic=topic).order_by("id").values_list("ids", flat=True))


def wrong(code: str) -> str:
    """Eight digits that are not these."""
    return f"{(int(code) + 1) % 10**8:08}"


def at_once(count: int, act: Callable[[], object]) -> list[object]:
    """What came of doing it in so many threads at the same time: values and exceptions."""
    outcomes: list[object] = []
    start = threading.Barrier(count)

    def run() -> None:
        start.wait()
        try:
            outcomes.append(act())
        except Exception as error:
            outcomes.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
