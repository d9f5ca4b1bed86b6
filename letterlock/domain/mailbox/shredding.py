"""Making what was taken back unreadable: shares are destroyed, then what nobody can open any more is deleted.

The fact (recalled, expired, deleted) is committed before; from then on every door refuses. What happens here may
fail and be done again: at once by the verb, and by the outbox until it is done.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError

from letterlock.domain.mailbox import changing, parts
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Message
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import logs, transactions
from letterlock.foundation.outbox import handling
from letterlock.foundation.vault import destroying, wrapping
from letterlock.foundation.vault.keystore.models import Reason
from letterlock.foundation.vault.models import Holder, ObjectKind, Thing

log = logs.get("mailbox")
pause = timedelta(seconds=5)


def at_once(work: Callable[[], None]) -> None:
    """Try now. What is committed stands whatever happens here, and a job owes the same work."""
    try:
        work()
    except (destroying.NotYetGone, transactions.Busy, DatabaseError, OSError) as failure:
        log.warning("Keys are not destroyed yet; the worker goes on", error=type(failure).__name__)


@contextmanager
def coming_back() -> Iterator[None]:
    """For jobs: a reader that keeps old pages of the keystore alive is no failure."""
    try:
        yield
    except destroying.NotYetGone:
        raise handling.TryLater(after=pause, because="the keystore is being read") from None


def thing_of(message_id: UUID) -> Thing:
    """The message as the vault names it."""
    return Thing(ObjectKind.MESSAGE, message_id)


def shred(message_id: UUID, *, spare: UUID | None, reason: Reason, entry_id: UUID | None, at: datetime) -> None:
    """Destroy every share of the message but that of the account `spare`, and write down that they are destroyed.

    Does nothing more once that is written: the outbox may call it again and again.
    """
    thing = thing_of(message_id)
    taken = wrapping.holders_of(thing) - ({Holder(spare)} if spare else set())
    message = Message.objects.get(id=message_id)
    if taken or not _is_written_down(message, spare=spare):
        destroying.destroy_shares(
            thing, holders=taken, reason=reason, entry_id=entry_id, platform_id=message.platform_id, at=at
        )
        _write_down(message_id, at=at)


def shred_one(message: Message, *, holder_id: UUID, reason: Reason, entry_id: UUID | None, at: datetime) -> None:
    """Destroy one person's share; the ciphertext goes with the last one."""
    thing = thing_of(message.id)
    # Also when the share is gone already: an earlier run may have been stopped before its bytes left the files.
    destroying.destroy_shares(
        thing, holders=[Holder(holder_id)], reason=reason, entry_id=entry_id, platform_id=message.platform_id, at=at
    )
    if not wrapping.holders_of(thing):
        with transactions.writing():
            parts.parts_of(thing_of(message.id)).delete()


def _is_written_down(message: Message, *, spare: UUID | None) -> bool:
    has_words = spare is None and parts.parts_of(thing_of(message.id)).exists()
    return message.keys_destroyed_at is not None and not has_words


def _write_down(message_id: UUID, *, at: datetime) -> None:
    unheld = not wrapping.holders_of(thing_of(message_id))
    with transactions.writing():
        message = Message.objects.select_for_update().get(id=message_id)
        deleted, _by_model = parts.parts_of(thing_of(message_id)).delete() if unheld else (0, {})
        if message.keys_destroyed_at is not None and not deleted:
            # The verb and the outbox did it at the same time: it is one fact.
            return
        message.keys_destroyed_at = message.keys_destroyed_at or at
        message.save(update_fields=["keys_destroyed_at"])
        recording.record(MailboxEvent.KEYS_DESTROYED, platform_id=message.platform_id, at=at, subject_id=message_id)
        changing.stir_each(changing.for_everybody(message_id))
