"""Names of what happens to letters: one name serves the ledger, the outbox and the logs."""

import enum

from letterlock.foundation.audit import events


@events.register
class MailboxEvent(enum.StrEnum):
    """Facts of this room. The ids in brackets go with the outbox job of the same name."""

    MESSAGE_SENT = "mailbox.message.sent"  # (message_id)
    MESSAGE_REPLIED = "mailbox.message.replied"
    MESSAGE_REVIEWED = "mailbox.message.reviewed"
    MESSAGE_RETRIEVED = "mailbox.message.retrieved"  # (participation_id), posted on the first retrieval only
    MESSAGE_PRINTED = "mailbox.message.printed"  # reported by the person's client, not proven
    MESSAGE_RECALLED = "mailbox.message.recalled"  # (message_id)
    MESSAGE_EXPIRED = "mailbox.message.expired"  # (message_id)
    MESSAGE_DELETED = "mailbox.message.deleted"  # (participation_id)
    MESSAGE_INVITED = "mailbox.message.invited"
    MESSAGE_NOTIFIED = "mailbox.message.notified"
    MESSAGE_NOT_DELIVERED = "mailbox.message.not_delivered"
    KEYS_DESTROYED = "mailbox.keys.destroyed"
    ADDRESS_CORRECTED = "mailbox.address.corrected"  # (old, new): participations
    DRAFT_CLOSED = "mailbox.draft.closed"  # (draft_id, of_platform_id): sent or discarded
