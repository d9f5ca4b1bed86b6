"""The room's chores."""

from datetime import datetime, timedelta

from letterlock.domain.accounts import sweeping
from letterlock.foundation.outbox import handling


@handling.every(timedelta(hours=1))
def sweep(*, at: datetime, **_: object) -> None:
    sweeping.sweep(at=at)
