"""Taking a sent message back.

The fact comes first, under the lock every reader takes: from its commit on no door opens the message to a recipient.
Then the recipients' shares are destroyed, at once, and again by the outbox until it is done.
"""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import changing, heading, seeing, shredding
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Message, Recall
from letterlock.domain.policies import limits
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import logs, transactions
from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.kernel.secrets import Sealed
from letterlock.foundation.outbox import posting
from letterlock.foundation.vault import envelopes
from letterlock.foundation.vault.keystore.models import Reason

log = logs.get("mailbox")


class AlreadyRecalled(Refusal):
    kind = Kind.CONFLICT
    code = "mailbox.already_recalled"
    sentence = _("This message was already recalled. Nothing more is needed.")


class AlreadyExpired(Refusal):
    kind = Kind.CONFLICT
    code = "mailbox.already_expired"
    sentence = _("This message has expired: nobody can open it any more, so there is nothing to recall.")


class GuestsCannotRecall(Refusal):
    kind = Kind.FORBIDDEN
    code = "mailbox.guests_cannot_recall"
    sentence = _("Guests cannot recall messages. Nothing was changed; the people you wrote to still have it.")


class ReasonTooLong(Refusal):
    kind = Kind.INVALID
    code = "mailbox.reason_too_long"
    sentence = _("The reason is longer than {most} characters. Nothing was recalled yet; shorten it and try again.")


def recall_message(
    message: Message, *, reason: str, destroy_own_copy: bool, by: Account, at: datetime, client: str = ""
) -> Recall:
    """Take the message back from everybody it was sent to.

    With `destroy_own_copy` nobody can read it afterwards, and its ciphertext is deleted. An empty reason is shown as
    the default sentence. Refuses NotFound (to everybody but the sender), GuestsCannotRecall, AlreadyRecalled,
    AlreadyExpired, ReasonTooLong. When the shares cannot be destroyed right now the recall stands all the same.
    """
    # No page shows a NUL: a reason of nothing else would stand there as an empty line.
    sealed_reason = _seal_reason(reason.replace("\x00", "").strip(), message=message)
    with transactions.writing():
        _demand_recallable(message, by=by, at=at)
        recall = Recall(
            message_id=message.id,
            recalled_by=by,
            recalled_at=at,
            sealed_reason=sealed_reason,
            destroys_own_copy=destroy_own_copy,
        )
        _keep(recall, platform_id=message.platform_id, client=client)
    log.info("Message recalled", message_id=message.id, platform_id=message.platform_id)
    shredding.at_once(lambda: destroy_keys(message.id, at=at))
    return recall


def destroy_keys(message_id: UUID, *, at: datetime) -> None:
    """Destroy the recipients' shares, and the sender's if that was asked. Doing it again changes nothing."""
    recall = Recall.objects.select_related("message").get(message_id=message_id)
    spare = None if recall.destroys_own_copy else recall.message.sender_id
    shredding.shred(message_id, spare=spare, reason=Reason.RECALLED, entry_id=recall.entry_id, at=at)


def _seal_reason(reason: str, *, message: Message) -> Sealed:
    if len(reason) > limits.recall_reason_characters:
        raise ReasonTooLong(most=limits.recall_reason_characters)
    if not reason:
        return Sealed(b"")
    return envelopes.seal_text(
        reason, platform_id=message.platform_id, object_id=message.id, label=heading.reason_label
    )


def _demand_recallable(message: Message, *, by: Account, at: datetime) -> None:
    locked = Message.objects.select_for_update().get(id=message.id)
    seeing.senders_place(locked, viewer=by)
    if not by.may_write_to_anybody:
        raise GuestsCannotRecall
    if Recall.objects.filter(message_id=message.id).exists():
        raise AlreadyRecalled
    if locked.is_expired(at=at):
        raise AlreadyExpired


def _keep(recall: Recall, *, platform_id: UUID, client: str) -> None:
    entry = recording.record(
        MailboxEvent.MESSAGE_RECALLED,
        platform_id=platform_id,
        at=recall.recalled_at,
        subject_id=recall.message_id,
        actor=str(recall.recalled_by_id),
        client=client,
    )
    recall.entry_id = entry.id
    recall.save(force_insert=True)
    posting.post(
        MailboxEvent.MESSAGE_RECALLED,
        platform_id=platform_id,
        at=recall.recalled_at,
        order_key=str(recall.message_id),
        message_id=str(recall.message_id),
    )
    changing.stir_each(changing.for_everybody(recall.message_id))
