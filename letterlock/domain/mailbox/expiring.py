"""The end of a message that was given one: every share is destroyed, the sender's included.

Reading refuses from the instant itself; what happens here only makes it irrevocable.
"""

from datetime import datetime
from uuid import UUID

from letterlock.domain.mailbox import changing, shredding
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Message
from letterlock.foundation.audit import recording
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.kernel import logs, transactions
from letterlock.foundation.outbox import posting
from letterlock.foundation.vault.keystore.models import Reason

log = logs.get("mailbox")
#: A run stays short; the next one takes the rest.
most_at_once = 100


def expire_due(*, at: datetime) -> int:
    """Expire the messages whose time has come, the oldest first; answers how many there were."""
    due = Message.objects.filter(expired_at=None, expires_at__lte=at).order_by("expires_at")[:most_at_once]
    expired = [message.id for message in due if _expire(message.id, at=at)]
    return len(expired)


def destroy_keys(message_id: UUID, *, entry_id: UUID | None, at: datetime) -> None:
    """Destroy every share of the expired message and delete its ciphertext. Doing it again changes nothing."""
    shredding.shred(message_id, spare=None, reason=Reason.EXPIRED, entry_id=entry_id, at=at)


def _expire(message_id: UUID, *, at: datetime) -> bool:
    entry = _note_expired(message_id, at=at)
    if entry is None:
        return False
    log.info("Message expired", message_id=message_id)
    shredding.at_once(lambda: destroy_keys(message_id, entry_id=entry.id, at=at))
    return True


@transactions.opened
def _note_expired(message_id: UUID, *, at: datetime) -> Entry | None:
    """The entry, or None when another worker was here first."""
    message = Message.objects.select_for_update().get(id=message_id)
    if message.expired_at is not None:
        return None
    message.expired_at = at
    message.save(update_fields=["expired_at"])
    entry = recording.record(
        MailboxEvent.MESSAGE_EXPIRED, platform_id=message.platform_id, at=at, subject_id=message_id
    )
    posting.post(
        MailboxEvent.MESSAGE_EXPIRED,
        platform_id=message.platform_id,
        at=at,
        order_key=str(message_id),
        message_id=str(message_id),
        entry_id=str(entry.id),
    )
    changing.stir_each(changing.for_everybody(message_id))
    return entry
