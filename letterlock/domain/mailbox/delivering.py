"""What became of the mail that tells somebody of a message: steps for the room that sends it."""

from datetime import datetime

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce

from letterlock.domain.mailbox import changing
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Participation
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import transactions

longest_reason = 300


@transactions.required
def note_invited(participation: Participation, *, at: datetime) -> None:
    """The relay took the mail with the invitation."""
    _note(participation, MailboxEvent.MESSAGE_INVITED, at=at, invited_at=_first("invited_at", at), **_delivered)


@transactions.required
def note_notified(participation: Participation, *, at: datetime) -> None:
    """The relay took the mail with the notice."""
    _note(participation, MailboxEvent.MESSAGE_NOTIFIED, at=at, notified_at=_first("notified_at", at), **_delivered)


@transactions.required
def note_not_delivered(participation: Participation, *, because: str, at: datetime) -> None:
    """The mail will not arrive; `because` is what the server said, cut to 300 characters."""
    words = because[:longest_reason]
    _note(
        participation,
        MailboxEvent.MESSAGE_NOT_DELIVERED,
        at=at,
        not_delivered_at=at,
        not_delivered_because=words,
    )


#: A mail that arrives takes back what was said of an earlier one that did not; the ledger keeps both.
_delivered = {"not_delivered_at": None, "not_delivered_because": ""}


def _first(field: str, at: datetime) -> Coalesce:
    return Coalesce(F(field), Value(at, output_field=DateTimeField()))


def _note(participation: Participation, event: MailboxEvent, *, at: datetime, **changes: object) -> None:
    Participation.objects.filter(id=participation.id).update(**changes)
    recording.record(
        event,
        platform_id=participation.platform_id,
        at=at,
        subject_id=participation.message_id,
        object_id=participation.id,
    )
    changing.stir_each(changing.around(participation))
