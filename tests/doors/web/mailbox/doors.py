"""Short words for the tests of the reading pages."""

from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Message, Participation
from letterlock.foundation.audit import reading as ledger
from tests.cast import visit

htmx = {"hx-request": "true"}


def address_of(message: Message | UUID, rest: str = "") -> str:
    """The path of a message, or of something that belongs to it."""
    return f"/messages/{message.id if isinstance(message, Message) else message}/{rest}"


def open_letter(message: Message, browser: Client) -> HttpResponse:
    """What the page's form asks for, into the frame."""
    return browser.post(address_of(message, "openings/"), {"view": "letter"})


def open_slip(message: Message, browser: Client) -> HttpResponse:
    """What the page asks for where the slip comes first."""
    return browser.post(address_of(message, "openings/"), {"view": "slip"}, headers=htmx)


def read(message: Message, account: Account) -> None:
    """This person opens the message once."""
    assert open_letter(message, visit(account)).status_code == 200


def count(message: Message, event: MailboxEvent) -> int:
    """How often the ledger has it."""
    return sum(fact.event == event for fact in ledger.facts_about(message.platform_id, message.id))


def place_of(message: Message, account: Account) -> Participation:
    return Participation.objects.get(message=message, account=account)
