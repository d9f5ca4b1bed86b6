"""Recording a fact, in the transaction that makes it true."""

import enum
import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from letterlock.foundation.audit import encoding, events
from letterlock.foundation.audit.models import Entry, Opening, OpeningKind, Pending
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id


@transactions.required
def record(  # noqa: PLR0913 -- a fact has this many sides, all named at the call
    event: enum.StrEnum,
    *,
    platform_id: UUID,
    at: datetime,
    subject_id: UUID | None = None,
    object_id: UUID | None = None,
    digests: Mapping[str, bytes] | None = None,
    actor: str = "",
    address: str = "",
    client: str = "",
) -> Entry:
    """Append the fact to the platform's ledger, with its openings and its place in the waiting list.

    `actor` is an account's id. Personal details go into the leaf as salted commitments only.
    """
    events.demand(event)
    entry_id = new_id()
    details = {
        OpeningKind.ACTOR: actor,
        OpeningKind.ADDRESS: address,
        OpeningKind.CLIENT: client,
    }
    openings = [_open(entry_id, kind, value) for kind, value in details.items() if value]
    leaf = encoding.Leaf(
        platform_id=platform_id,
        entry_id=entry_id,
        event=str(event),
        at=at,
        subject_id=subject_id,
        object_id=object_id,
        digests=digests or {},
        commitments={opening.kind: _commitment_of(opening) for opening in openings},
    )
    return _keep(leaf, openings)


def _open(entry_id: UUID, kind: OpeningKind, value: str) -> Opening:
    salt = secrets.token_bytes(encoding.salt_bytes)
    return Opening(entry_id=entry_id, kind=str(kind), salt=salt, value=value[: encoding.longest_value])


def _commitment_of(opening: Opening) -> bytes:
    return encoding.commit_to(opening.value, kind=opening.kind, salt=bytes(opening.salt), entry_id=opening.entry_id)


def _keep(leaf: encoding.Leaf, openings: list[Opening]) -> Entry:
    entry = Entry(
        id=leaf.entry_id,
        platform_id=leaf.platform_id,
        event=leaf.event,
        at=leaf.at,
        subject_id=leaf.subject_id,
        object_id=leaf.object_id,
        leaf=encoding.encode(leaf),
    )
    entry.save(force_insert=True)
    Opening.objects.bulk_create(openings)
    Pending.objects.bulk_create([Pending(entry_id=entry.id, platform_id=entry.platform_id)])
    return entry
