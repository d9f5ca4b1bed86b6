"""Who is on the platform of a run: the owner of the mailbox, somebody whose mailbox is empty, and colleagues."""

from dataclasses import dataclass
from datetime import datetime

from letterlock.domain.accounts import people, setting_up
from letterlock.domain.accounts.models import Account, Status
from letterlock.domain.policies import addresses

host = "bench.localhost"
password = "known to everybody here"
owner_address = "owner@bench.example"
newcomer_address = "newcomer@bench.example"
colleague_count = 6


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The people of a run."""

    owner: Account
    newcomer: Account
    colleagues: list[Account]


def colleague_address(number: int) -> str:
    """The address of one of the colleagues, counted from 0."""
    return f"colleague-{number}@bench.example"


def found(*, at: datetime) -> Cast:
    """The platform, and everybody on it with a password."""
    head = addresses.read_address(owner_address)
    invitation = people.found_platform(
        name="Bench",
        host=host,
        accent="#1f5f4f",
        support_address="help@bench.example",
        administrator=head,
        administrator_name="Olive Owner",
        at=at,
    )
    owner = setting_up.set_password(invitation, name="Olive Owner", password=password, client="Bench", at=at).account
    colleagues = [
        _add(owner, colleague_address(number), f"Colleague {number}", at=at) for number in range(colleague_count)
    ]
    return Cast(owner=owner, newcomer=_add(owner, newcomer_address, "Nils New", at=at), colleagues=colleagues)


def _add(owner: Account, address: str, name: str, *, at: datetime) -> Account:
    invitation = people.add_person(
        owner.platform, address=addresses.read_address(address), name=name, status=Status.PROFESSIONAL, at=at
    )
    return setting_up.set_password(invitation, name=name, password=password, client="Bench", at=at).account
