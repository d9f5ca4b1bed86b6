"""Who is on the platform of a run: the owner of the mailbox, somebody whose mailbox is empty, and colleagues."""

from dataclasses import dataclass
from datetime import datetime

from bench.letter import names
from letterlock.domain.accounts import people, setting_up
from letterlock.domain.accounts.models import Account, Status
from letterlock.domain.policies import addresses


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The people of a run."""

    owner: Account
    newcomer: Account
    colleagues: list[Account]


def found(*, at: datetime) -> Cast:
    """The platform, and everybody on it with a password."""
    head = addresses.read_address(names.owner_address)
    invitation = people.found_platform(
        name="Bench",
        host=names.host,
        accent="#1f5f4f",
        support_address="help@bench.example",
        administrator=head,
        administrator_name="Olive Owner",
        at=at,
    )
    owner = setting_up.set_password(
        invitation, name="Olive Owner", password=names.sign_in_words, client="Bench", at=at
    ).account
    colleagues = [
        _add(owner, names.colleague_address(number), f"Colleague {number}", at=at)
        for number in range(names.colleague_count)
    ]
    for number in range(names.client_count):
        _add(owner, names.writer_address(number), f"Writer {number}", at=at)
    return Cast(owner=owner, newcomer=_add(owner, names.newcomer_address, "Nils New", at=at), colleagues=colleagues)


def _add(owner: Account, address: str, name: str, *, at: datetime) -> Account:
    invitation = people.add_person(
        owner.platform, address=addresses.read_address(address), name=name, status=Status.PROFESSIONAL, at=at
    )
    return setting_up.set_password(invitation, name=name, password=names.sign_in_words, client="Bench", at=at).account
