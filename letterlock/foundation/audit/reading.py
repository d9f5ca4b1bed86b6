"""Reading the ledger back: the facts about one thing, in the order they were recorded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from letterlock.foundation.audit.models import Entry, OpeningKind


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One entry with the details that have not been erased; an erased or unknown one is empty.

    The network address is left out on purpose: no page shows one person's network to another.
    """

    entry_id: UUID
    event: str
    at: datetime
    object_id: UUID | None
    actor: str
    address: str
    client: str


def facts_about(platform_id: UUID, subject_id: UUID, *, events: Collection[str] | None = None) -> list[Fact]:
    """Every fact about the subject, or those of the named events; two queries however many there are."""
    entries = Entry.objects.filter(platform_id=platform_id, subject_id=subject_id)
    if events is not None:
        entries = entries.filter(event__in=[str(event) for event in events])
    return [_fact_of(entry) for entry in entries.order_by("id").prefetch_related("openings")]


def _fact_of(entry: Entry) -> Fact:
    details = {opening.kind: opening.value for opening in entry.openings.all()}
    return Fact(
        entry_id=entry.id,
        event=entry.event,
        at=entry.at,
        object_id=entry.object_id,
        actor=details.get(OpeningKind.ACTOR, ""),
        address=details.get(OpeningKind.ADDRESS, ""),
        client=details.get(OpeningKind.CLIENT, ""),
    )
