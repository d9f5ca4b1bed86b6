"""Letters that were sent, with the jobs that their sending owes."""

from datetime import datetime
from typing import Any

from letterlock.domain.accounts import inviting
from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import reading, recalling
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Message
from letterlock.domain.notices.models import Mail
from letterlock.domain.policies import addresses
from letterlock.foundation.kernel import transactions
from letterlock.foundation.outbox import posting
from tests.domain.mailbox import letters
from tests.domain.mailbox.letters import client, later


def send(sender: Account, **people: Any) -> Message:
    """A message, and the job that tells of it."""
    message = letters.send(sender, **people)
    with transactions.writing():
        posting.post(
            MailboxEvent.MESSAGE_SENT,
            platform_id=message.platform_id,
            at=message.sent_at,
            order_key=str(message.id),
            message_id=str(message.id),
        )
    return message


def pending(address: str, *, by: Account, at: datetime = letters.sent_at) -> Account:
    """Somebody who was invited and has not come yet."""
    read = addresses.read_address(address)
    account = inviting.ensure_accounts([read], platform=by.platform, at=at)[read.normal]
    with transactions.writing():
        inviting.invite(account, by=by, at=at)
    return account


def retrieve(message: Message, *, by: Account, minutes: float = 2) -> None:
    reading.retrieve(letters.fresh(message), by=by, at=later(minutes), client=client)


def recall(message: Message, *, by: Account, minutes: float = 3, reason: str = "") -> None:
    recalling.recall_message(
        letters.fresh(message), reason=reason, destroy_own_copy=False, by=by, at=later(minutes), client=client
    )


def mail_of(account: Account) -> Mail:
    """The one mail that is owed to this person."""
    return Mail.objects.select_related("platform", "account", "participation__message__sender").get(account=account)
