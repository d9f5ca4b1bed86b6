"""Where a person keeps a message: one's own, and seen by nobody else, until it is deleted for good."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import changing, heading, shredding
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Folder, Message, Participation, Role
from letterlock.foundation.audit import recording
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import Kind, NotFound, Refusal
from letterlock.foundation.outbox import posting
from letterlock.foundation.vault.keystore.models import Reason


class AlreadyThere(Refusal):
    kind = Kind.CONFLICT
    code = "mailbox.already_there"
    sentence = _("The message is already in this folder. Nothing was changed.")


class WrongFolder(Refusal):
    kind = Kind.INVALID
    code = "mailbox.wrong_folder"
    sentence = _("A message you sent belongs in Sent, one you received in the Inbox. It stays where it is.")


class OwnMessage(Refusal):
    kind = Kind.INVALID
    code = "mailbox.own_message"
    sentence = _("A message you sent cannot be marked as unread.")


class NotInTrash(Refusal):
    kind = Kind.CONFLICT
    code = "mailbox.not_in_trash"
    sentence = _("Only a message in Trash can be deleted for good. It stays where it is; move it to Trash first.")


@transactions.opened
def move(message: Message, *, to: Folder, by: Account, at: datetime) -> Folder:
    """Put one's own view of the message into another folder; answers the one it was in.

    Refuses NotFound, WrongFolder, AlreadyThere.
    """
    place = _locked_place(message, by=by)
    if to not in {heading.home_of(place), Folder.ARCHIVE, Folder.TRASH}:
        raise WrongFolder
    if place.folder == to:
        raise AlreadyThere
    left = Folder(place.folder)
    _put(place, to=to, at=at)
    return left


@transactions.opened
def restore(message: Message, *, by: Account, at: datetime) -> None:
    """Take the message out of Trash, to where it was before. Refuses NotFound, AlreadyThere."""
    place = _locked_place(message, by=by)
    if place.folder != Folder.TRASH:
        raise AlreadyThere
    _put(place, to=Folder(place.trashed_from or heading.home_of(place)), at=at)


@transactions.opened
def mark_unread(message: Message, *, by: Account) -> Folder:
    """Have the message stand out again in its folder, which is answered; what is proven about it stays.

    Refuses NotFound, OwnMessage.
    """
    place = _locked_place(message, by=by)
    if place.role == Role.FROM:
        raise OwnMessage
    place.is_unread = True
    place.save(update_fields=["is_unread"])
    changing.stir([by.id], fragments=["folders", f"list:{place.folder}", f"message:{message.id}"])
    return Folder(place.folder)


def purge(message: Message, *, by: Account, at: datetime, client: str = "") -> None:
    """Delete one's own view for good: the own share of the key is destroyed, everybody else's stays.

    When the last holder has done so the ciphertext goes too. Refuses NotFound, NotInTrash.
    """
    with transactions.writing():
        place = _locked_place(message, by=by)
        if place.folder != Folder.TRASH:
            raise NotInTrash
        entry = _note_deleted(place, at=at, client=client)
    shredding.at_once(lambda: shred_deleted(place.id, entry_id=entry.id, at=at))


def shred_deleted(participation_id: UUID, *, entry_id: UUID | None, at: datetime) -> None:
    """Destroy the share of somebody who deleted the message for good. Doing it again changes nothing."""
    place = Participation.objects.select_related("message").get(id=participation_id)
    shredding.shred_one(place.message, holder_id=place.account_id, reason=Reason.DELETED, entry_id=entry_id, at=at)


def _locked_place(message: Message, *, by: Account) -> Participation:
    # Through the reach again, not by id: whoever waited for the lock behind a deletion finds nothing.
    place = Participation.objects.visible_to(by).select_for_update().filter(message_id=message.id).first()
    if place is None:
        raise NotFound
    return place


def _put(place: Participation, *, to: Folder, at: datetime) -> None:
    left = Folder(place.folder)
    place.folder = to
    place.trashed_from, place.trashed_at = (left, at) if to == Folder.TRASH else ("", None)
    place.save(update_fields=["folder", "trashed_from", "trashed_at"])
    fragments = ["folders", f"list:{left}", f"list:{to}", f"message:{place.message_id}"]
    changing.stir([place.account_id], fragments=fragments)


def _note_deleted(place: Participation, *, at: datetime, client: str) -> Entry:
    place.purged_at = at
    place.is_unread = False
    place.save(update_fields=["purged_at", "is_unread"])
    message = place.message
    entry = recording.record(
        MailboxEvent.MESSAGE_DELETED,
        platform_id=message.platform_id,
        at=at,
        subject_id=message.id,
        object_id=place.id,
        actor=str(place.account_id),
        client=client,
    )
    changing.stir_each(changing.around(place, own=["folders", f"list:{place.folder}"]))
    posting.post(
        MailboxEvent.MESSAGE_DELETED,
        platform_id=message.platform_id,
        at=at,
        order_key=str(message.id),
        participation_id=str(place.id),
        entry_id=str(entry.id),
    )
    return entry
