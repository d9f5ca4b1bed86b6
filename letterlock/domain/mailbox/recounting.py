"""The history: what the ledger knows of a message, line by line, for one viewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import seeing
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Message, Participation
from letterlock.domain.mailbox.seeing import Person
from letterlock.foundation.audit import reading as ledger
from letterlock.foundation.audit.reading import Fact

#: What happens to the message itself: everybody who has the slip may know.
message_facts: dict[str, Any] = {
    MailboxEvent.MESSAGE_SENT: _("Sent"),
    MailboxEvent.MESSAGE_RECALLED: _("Recalled by the sender"),
    MailboxEvent.MESSAGE_EXPIRED: _("Expired"),
    MailboxEvent.KEYS_DESTROYED: _("Keys destroyed"),
}

#: What happens to one person: for those who see the person and the tracking.
personal_facts: dict[str, Any] = {
    MailboxEvent.MESSAGE_INVITED: _("Invited"),
    MailboxEvent.MESSAGE_NOTIFIED: _("Notified"),
    MailboxEvent.MESSAGE_NOT_DELIVERED: _("Not delivered"),
    MailboxEvent.MESSAGE_REVIEWED: _("Reviewed"),
    MailboxEvent.MESSAGE_RETRIEVED: _("Retrieved"),
    MailboxEvent.MESSAGE_REPLIED: _("Replied"),
    MailboxEvent.MESSAGE_PRINTED: _("Printed, as the browser reports"),
    MailboxEvent.MESSAGE_DELETED: _("Deleted"),
    MailboxEvent.ADDRESS_CORRECTED: _("Address corrected"),
}


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One line. `event` is the fact's name in the ledger; `person` whom it is about, None for the message itself;
    `client` the program that did it, where one did."""

    at: datetime
    event: MailboxEvent
    words: Any
    person: Person | None
    client: str


def occurrences(message: Message, *, people: Sequence[Participation], viewer: Account) -> list[Occurrence]:
    """What happened to the message and to these people, in the order of the ledger; two queries however much.

    SECURITY: a fact about anybody else is left out whole, so that no line, count or gap tells of a Bcc.
    See test_nothing_a_recipient_sees_tells_a_bcc.
    """
    persons = {one.id: seeing.person_of(one.account, viewer=viewer) for one in people}
    facts = ledger.facts_about(message.platform_id, message.id, events=[*message_facts, *personal_facts])
    return [_occurrence(fact, persons) for fact in facts if fact.event in message_facts or fact.object_id in persons]


def _occurrence(fact: Fact, persons: dict[UUID, Person]) -> Occurrence:
    is_personal = fact.event in personal_facts and fact.object_id is not None
    return Occurrence(
        at=fact.at,
        event=MailboxEvent(fact.event),
        words=(personal_facts if is_personal else message_facts)[fact.event],
        person=persons[fact.object_id] if is_personal and fact.object_id else None,
        client=fact.client,
    )
