"""Leaving work in the queue, in the transaction of the fact that requires it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from letterlock.foundation.kernel import transactions
from letterlock.foundation.outbox import handling
from letterlock.foundation.outbox.models import Job

longest_id = 64


@transactions.required
def post(
    topic: str,
    *,
    platform_id: UUID | None,
    at: datetime,
    order_key: str = "",
    due_at: datetime | None = None,
    **ids: str,
) -> None:
    """Owe the topic's work: one job for each handler, due at once or at `due_at`.

    Jobs of one room with the same `order_key` run one after the other, in the order of their posting. Rooms do not
    wait for one another, or a mail server that is down would delay the destruction of keys. Ids only: a job is
    stored in the clear and outlives a recall.
    """
    post_each(topic, [ids], platform_id=platform_id, at=at, order_key=order_key, due_at=due_at)


@transactions.required
def post_each(
    topic: str,
    all_ids: Iterable[Mapping[str, str]],
    *,
    platform_id: UUID | None,
    at: datetime,
    order_key: str = "",
    due_at: datetime | None = None,
) -> None:
    """Owe the topic's work once for each set of ids, in one statement however many there are."""
    handlers = handling.handlers_of(topic)
    Job.objects.bulk_create(
        Job(
            platform_id=platform_id,
            topic=str(topic),
            handler=handler.name,
            ids=_only_ids(ids),
            order_key=f"{handler.lane}:{order_key}" if order_key else "",
            due_at=due_at or at,
            created_at=at,
        )
        for ids in all_ids
        for handler in handlers
    )


def _only_ids(ids: Mapping[str, str]) -> dict[str, str]:
    for name, value in ids.items():
        if len(value) > longest_id:
            raise TypeError(f"{name} is no id: jobs carry ids as short strings.")
    return dict(ids)
