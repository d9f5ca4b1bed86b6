"""Work the mailbox owes after a commit."""

from datetime import datetime, timedelta
from uuid import UUID

from letterlock.domain.accounts.events import AccountEvent
from letterlock.domain.mailbox import changing, composing, correcting, expiring, moving, recalling, shredding
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.foundation.outbox import handling

expiry_checked_every = timedelta(seconds=30)


@handling.handles(MailboxEvent.MESSAGE_RECALLED)
def destroy_recalled_keys(*, message_id: str, at: datetime, **_ignored: object) -> None:
    with shredding.coming_back():
        recalling.destroy_keys(UUID(message_id), at=at)


@handling.handles(MailboxEvent.MESSAGE_EXPIRED)
def destroy_expired_keys(*, message_id: str, at: datetime, entry_id: str = "", **_ignored: object) -> None:
    with shredding.coming_back():
        expiring.destroy_keys(UUID(message_id), entry_id=UUID(entry_id) if entry_id else None, at=at)


@handling.handles(MailboxEvent.MESSAGE_DELETED)
def destroy_deleted_key(*, participation_id: str, at: datetime, entry_id: str = "", **_ignored: object) -> None:
    with shredding.coming_back():
        moving.shred_deleted(UUID(participation_id), entry_id=UUID(entry_id) if entry_id else None, at=at)


@handling.handles(MailboxEvent.ADDRESS_CORRECTED)
def destroy_removed_key(*, old: str, at: datetime, entry_id: str = "", **_ignored: object) -> None:
    with shredding.coming_back():
        correcting.destroy_removed(UUID(old), entry_id=UUID(entry_id) if entry_id else None, at=at)


@handling.handles(MailboxEvent.DRAFT_CLOSED)
def destroy_draft_key(*, draft_id: str, of_platform_id: str, at: datetime, **_ignored: object) -> None:
    with shredding.coming_back():
        composing.destroy_key(UUID(draft_id), platform_id=UUID(of_platform_id), at=at)


@handling.handles(AccountEvent.ACCOUNT_REGISTERED)
def show_the_new_name(*, account_id: str, **_ignored: object) -> None:
    changing.stir_around(UUID(account_id))


@handling.every(expiry_checked_every)
def expire_messages(*, at: datetime, **_ignored: object) -> None:
    expiring.expire_due(at=at)
