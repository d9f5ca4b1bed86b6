"""What was destroyed stays destroyed: the journal is made whole, and played to a keystore that came from a backup."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError

from letterlock.foundation.vault import destroying, journal
from letterlock.foundation.vault.journal import Destruction
from letterlock.foundation.vault.keystore.models import Reason, Tombstone
from letterlock.foundation.vault.models import ObjectKind
from letterlock.foundation.vault.settings import vault_settings

lines_at_once = 500

Item = TypeVar("Item")


@dataclass
class Taken:
    """What the journal says of one object: whose shares went, and when that began."""

    platform_id: UUID
    since: datetime
    holders: set[UUID] = field(default_factory=set)


def complete_journal() -> int:
    """Append every tombstone that the journal does not name; answers how many. A keystore that is gone has none."""
    named = {destruction.share_id for destruction in journal.read(vault_settings().journal)}
    try:
        missing = [
            _destruction_of(one) for one in Tombstone.objects.order_by("destroyed_at") if one.share_id not in named
        ]
    except DatabaseError:
        return 0
    if missing:
        journal.append(missing, to=vault_settings().journal)
    return len(missing)


def replay() -> int:
    """Destroy every share that the journal names; answers how many were alive. Raises NotYetGone."""
    lines = journal.read(vault_settings().journal)
    destroyed = sum(destroying.destroy_again(some) for some in in_turns(lines))
    destroying.rebuild_keystore()
    return destroyed


def taken_messages(reason: Reason) -> dict[UUID, Taken]:
    """The messages of which the journal names shares destroyed for this reason, by id."""
    taken: dict[UUID, Taken] = {}
    for one in journal.read(vault_settings().journal):
        if one.reason == reason and one.object_kind == ObjectKind.MESSAGE:
            known = taken.setdefault(one.object_id, Taken(one.platform_id, one.destroyed_at))
            known.holders.add(one.holder_id)
            known.since = min(known.since, one.destroyed_at)
    return taken


def in_turns(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items, some hundred at a time."""
    rest = iter(items)
    while some := list(islice(rest, lines_at_once)):
        yield some


def _destruction_of(tombstone: Tombstone) -> Destruction:
    return Destruction(
        share_id=tombstone.share_id,
        platform_id=tombstone.platform_id,
        object_kind=tombstone.object_kind,
        object_id=tombstone.object_id,
        holder_kind=tombstone.holder_kind,
        holder_id=tombstone.holder_id,
        reason=Reason(tombstone.reason),
        entry_id=tombstone.entry_id,
        destroyed_at=tombstone.destroyed_at,
    )
