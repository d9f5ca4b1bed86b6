"""Fills the product's stores with people in every state: one argument, how many of each; answers JSON."""

import json
import secrets
import sys
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from letterlock.domain.accounts import inviting, metering
from letterlock.domain.accounts.models import Account, State, Status, Throttle
from letterlock.domain.mailbox import drafting
from letterlock.domain.mailbox.models import DraftKind
from letterlock.domain.platforms import queries
from letterlock.domain.policies import addresses, limits
from letterlock.foundation.kernel import transactions
from tests.cast import visit
from tests.domain.mailbox.letters import send

letters_of_a_kind, bccd = 8, 20
hashed = make_password(secrets.token_urlsafe())


def populate(count: int) -> dict[str, Any]:
    """Addresses by state, two people who look, and letters with and without a Bcc."""
    states = {
        "Guest": people(count),
        "Professional": people(count, status=Status.PROFESSIONAL),
        "invited": people(count, state=State.PENDING),
        "elsewhere": people(count, host="globex.localhost"),
        "waiting": people(count),
    }
    named = {name: [one.address for one in found] for name, found in states.items()}
    throttled(named["waiting"])
    professional, guest = states["Professional"][0], states["Guest"][0]
    for one in (professional, guest):
        (named["Professional"] if one is professional else named["Guest"]).remove(one.address)
    return {
        "addresses": named | {"waiting nobody": throttled(strangers(count))},
        "professional": {"cookie": cookie(professional), "draft": str(start(professional))},
        "guest": {"cookie": cookie(guest), "draft": str(answer(professional, guest))},
        "letters": letters(professional, to=guest, bcc=states["Guest"][1 : bccd + 1]),
        "invitations": [str(one.invitations.get().id) for one in invited(states["invited"][:20], by=professional)],
    }


def strangers(count: int) -> list[str]:
    return [f"{secrets.token_hex(6)}@timing.example" for _ in range(count)]


def people(
    count: int, *, host: str = "acme.localhost", state: State = State.ACTIVE, status: Status = Status.GUEST
) -> list[Account]:
    read = [addresses.read_address(typed) for typed in strangers(count)]
    platform = queries.platform_of_host(host)
    assert platform
    found = inviting.ensure_accounts(read, platform=platform, at=timezone.now())
    mine = Account.objects.filter(id__in=[account.id for account in found.values()])
    if state == State.ACTIVE:
        mine.update(state=state, status=status, password=hashed, name="Somebody", registered_at=timezone.now())
    return list(mine.select_related("platform"))


def throttled(typed: list[str]) -> list[str]:
    """These addresses have been tried too often."""
    platform = queries.platform_of_host("acme.localhost")
    assert platform
    full_at = timezone.now() + timedelta(days=1)
    meters = [metering.meter(limits.sign_ins_for_an_address, one, platform_id=platform.id) for one in typed]
    Throttle.objects.bulk_create(Throttle(key=meter.key, full_at=full_at) for meter in meters)
    return typed


def cookie(account: Account) -> str:
    return str(visit(account).cookies["__Host-letterlock"].value)


def start(by: Account) -> Any:
    return drafting.start_draft(by=by, at=timezone.now()).id


def answer(sender: Account, by: Account) -> Any:
    message = send(sender, to=[by], at=timezone.now())
    return drafting.start_reply(message, kind=DraftKind.REPLY, by=by, at=timezone.now()).id


def letters(sender: Account, *, to: Account, bcc: list[Account]) -> dict[str, list[str]]:
    kinds = {"without Bcc": [], f"with {bccd} Bcc": bcc}
    return {
        name: [str(send(sender, to=[to], bcc=hidden, at=timezone.now()).id) for _ in range(letters_of_a_kind)]
        for name, hidden in kinds.items()
    }


def invited(pending: list[Account], *, by: Account) -> list[Account]:
    for account in pending:
        with transactions.writing():
            inviting.invite(account, by=by, at=timezone.now())
    return pending


if __name__ == "__main__":
    sys.stdout.write(json.dumps(populate(int(sys.argv[1]))))
