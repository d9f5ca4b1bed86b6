"""Bringing letters back in line with their keys after a restore. See docs/formats/backup.md.

The journal knows what was recalled, deleted or removed since an old database was copied; the database of today knows
it where a journal was lost. Each is played to the other. Everything here changes nothing when it is done again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from letterlock.domain.accounts import restoring as sessions
from letterlock.domain.mailbox import changing, correcting, expiring, moving, recalling, seeing
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Message, Participation, Recall
from letterlock.domain.platforms import restoring as ledgers
from letterlock.foundation.audit import recording
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.kernel import transactions
from letterlock.foundation.vault import replaying, restoring
from letterlock.foundation.vault.keystore.models import Reason, Share
from letterlock.foundation.vault.models import ObjectKind
from letterlock.foundation.vault.replaying import Taken
from letterlock.foundation.vault.restoring import Plan

#: What the ledger names as the program behind a fact that comes from the journal.
client = "letterlock restore"


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What the copies had brought back: shares, messages that are recalled again, views that are withdrawn again."""

    destroyed: int
    recalled: int
    withdrawn: int


def settle(plan: Plan, *, at: datetime) -> Settled:
    """Once the stores were replaced and their tables are up to date: let what was taken back be taken back again.

    Raises NotYetGone; until it has returned the service does not start, and the restore is done again.
    """
    settled = play_to_one_another(at=at)
    if "database" in plan.stores:
        sessions.end_every_session(at=at)
    ledgers.note_restored(digests=plan.digests, gives_up_recalls=plan.gives_up_recalls, at=at)
    restoring.finish(plan, at=at)
    return settled


def play_to_one_another(*, at: datetime) -> Settled:
    """Tell the database what the journal knows, then destroy what the database knows to be gone. Raises NotYetGone."""
    settled = Settled(
        destroyed=restoring.replay(),
        recalled=_settle_each(Reason.RECALLED, _recall_again, at=at),
        withdrawn=_settle_each(Reason.DELETED, _delete_again, at=at)
        + _settle_each(Reason.REMOVED, _remove_again, at=at),
    )
    _destroy_recalled(at=at)
    _destroy_expired(at=at)
    _destroy_withdrawn(at=at)
    return settled


Step = Callable[[Message, Taken, datetime], int]


def _settle_each(reason: Reason, step: Step, *, at: datetime) -> int:
    taken = replaying.taken_messages(reason)
    found = (one for ids in replaying.in_turns(taken) for one in Message.objects.filter(id__in=ids).order_by("id"))
    return sum(_locked(message, taken[message.id], step, at=at) for message in found)


@transactions.opened
def _locked(message: Message, taken: Taken, step: Step, *, at: datetime) -> int:
    if message.platform_id != taken.platform_id:
        return 0
    return step(Message.objects.select_for_update().get(id=message.id), taken, at)


def _recall_again(message: Message, taken: Taken, at: datetime) -> int:
    if Recall.objects.filter(message_id=message.id).exists():
        return 0
    # The ledger is never dated back: its entry is of today, the recall of the instant that the journal names.
    entry = _record(MailboxEvent.MESSAGE_RECALLED, message, actor=message.sender_id, at=at)
    Recall.objects.create(
        message_id=message.id,
        recalled_by_id=message.sender_id,
        recalled_at=taken.since,
        destroys_own_copy=message.sender_id in taken.holders,
        entry_id=entry.id,
    )
    changing.stir_each(changing.for_everybody(message.id))
    return 1


def _delete_again(message: Message, taken: Taken, at: datetime) -> int:
    places = list(message.participations.filter(account_id__in=taken.holders, purged_at=None).order_by("id"))
    for place in places:
        Participation.objects.filter(id=place.id).update(purged_at=taken.since, is_unread=False)
        _record(MailboxEvent.MESSAGE_DELETED, message, place=place, actor=place.account_id, at=at)
        changing.stir([place.account_id], fragments=["folders", f"list:{place.folder}"])
    return len(places)


def _remove_again(message: Message, taken: Taken, at: datetime) -> int:
    places = list(message.participations.filter(account_id__in=taken.holders, removed_at=None).order_by("id"))
    for place in places:
        Participation.objects.filter(id=place.id).update(removed_at=taken.since, is_unread=False)
        _count_without(place)
        _record(MailboxEvent.ADDRESS_CORRECTED, message, place=place, actor=message.sender_id, at=at)
        changing.stir([place.account_id], fragments=["folders", f"list:{place.folder}"])
    return len(places)


def _count_without(place: Participation) -> None:
    """Unlike a correction, nobody came in instead: whoever did is newer than this database."""
    is_open, was_here = int(place.role in seeing.open_roles), int(place.retrieved_at is not None)
    Message.objects.filter(id=place.message_id).update(
        all_people=F("all_people") - 1,
        open_people=F("open_people") - is_open,
        all_retrieved=F("all_retrieved") - was_here,
        open_retrieved=F("open_retrieved") - was_here * is_open,
    )


def _record(
    event: MailboxEvent, message: Message, *, actor: UUID, at: datetime, place: Participation | None = None
) -> Entry:
    return recording.record(
        event,
        platform_id=message.platform_id,
        at=at,
        subject_id=message.id,
        object_id=place.id if place else None,
        actor=str(actor),
        client=client,
    )


def _destroy_recalled(*, at: datetime) -> None:
    recalls = Recall.objects.select_related("message").order_by("message_id")
    for some in replaying.in_turns(list(recalls)):
        alive = _alive([recall.message_id for recall in some])
        for recall in some:
            spare = None if recall.destroys_own_copy else recall.message.sender_id
            if recall.message.keys_destroyed_at is None or alive.get(recall.message_id, set()) - {spare}:
                recalling.destroy_keys(recall.message_id, at=at)


def _destroy_expired(*, at: datetime) -> None:
    expired = Message.objects.exclude(expired_at=None).order_by("id").values_list("id", flat=True)
    for some in replaying.in_turns(list(expired)):
        for message_id in _alive(some):
            expiring.destroy_keys(message_id, entry_id=None, at=at)


def _destroy_withdrawn(*, at: datetime) -> None:
    for place in _withdrawn_but_alive():
        destroy = correcting.destroy_removed if place.removed_at else moving.shred_deleted
        destroy(place.id, entry_id=None, at=at)


def _withdrawn_but_alive() -> Iterator[Participation]:
    places = Participation.objects.exclude(Q(purged_at=None) & Q(removed_at=None)).order_by("id")
    for some in replaying.in_turns(list(places)):
        alive = _alive([place.message_id for place in some])
        yield from (place for place in some if place.account_id in alive.get(place.message_id, set()))


def _alive(message_ids: list[UUID]) -> dict[UUID, set[UUID]]:
    """Who still has a share of which of these messages."""
    shares = Share.objects.alive().filter(object_kind=ObjectKind.MESSAGE, object_id__in=message_ids)
    holders: dict[UUID, set[UUID]] = {}
    for message_id, holder_id in shares.values_list("object_id", "holder_id"):
        holders.setdefault(message_id, set()).add(holder_id)
    return holders
