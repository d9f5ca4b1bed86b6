"""Who writes with whom: kept while sending, read by completion and by the rules for Guests."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from letterlock.domain.accounts.models import Account, Status
from letterlock.domain.mailbox import seeing
from letterlock.domain.mailbox.models import Correspondent, Participation, Role
from letterlock.foundation.kernel import transactions

writing_statuses = (Status.PROFESSIONAL, Status.ADMINISTRATOR)


@transactions.required
def note_sending(people: Iterable[Account], *, by: Account, at: datetime) -> None:
    """The sender and each of these people know one another from now on; the people, thereby, not each other.

    SECURITY: a Bcc is among them, and becomes known to the sender alone. See test_completion_never_offers_a_bcc.
    """
    ids = [person.id for person in people if person.id != by.id]
    pairs = sorted([*((by.id, one) for one in ids), *((one, by.id) for one in ids)])
    Correspondent.objects.bulk_create(
        [Correspondent(account_id=account, person_id=person, last_at=at) for account, person in pairs],
        update_conflicts=True,
        unique_fields=["account", "person"],
        update_fields=["last_at"],
    )


@transactions.required
def forget_mistake(person: Account, *, by: Account) -> None:
    """An address was a mistake: it is not offered again, unless the two have other messages."""
    others = Participation.objects.filter(message__sender=by, account=person, removed_at=None)
    answers = Participation.objects.filter(message__sender=person, account=by)
    if not others.exists() and not answers.exists():
        Correspondent.objects.filter(account=by, person=person).delete()
        Correspondent.objects.filter(account=person, person=by).delete()


def members_known_to(guest: Account) -> QuerySet[Account]:
    """The Professionals this person has exchanged messages with, by name."""
    known = Correspondent.objects.filter(account=guest)
    members = Account.objects.filter(id__in=known.values("person_id"), status__in=writing_statuses)
    found: QuerySet[Account] = members.active().order_by("name", "id")
    return found


def instead(people: Iterable[Account], *, most: int = 5) -> str:
    """The end of a refusal: whom a Guest can write to. Empty when there is nobody."""
    named = [f"{one.name} ({one.shown_address})" if one.name else one.shown_address for one in people]
    names = ", ".join(named[:most]) + (", …" if len(named) > most else "")
    return _(" You can write to: {names}.").format(names=names) if named else ""


def open_people_of(parent_id: UUID) -> QuerySet[Participation]:
    """Those whom everybody in a message may know: its sender, To and Cc."""
    return Participation.objects.filter(
        message_id=parent_id, role__in={Role.FROM, *seeing.open_roles}, granted_by=None, removed_at=None
    )
