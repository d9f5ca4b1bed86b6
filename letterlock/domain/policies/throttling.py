"""Whether something may happen once more: the generic cell rate algorithm, as a pure decision.

A bucket holds `burst` acts and refills at `count` acts a `period`. All that is remembered of it is the instant at
which it will be full again (ATM Forum TM-4.0, the "theoretical arrival time"); the caller keeps that instant in a row.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

at_once = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `burst` acts at once, and `count` acts for each `period` in the long run."""

    name: str
    burst: int
    count: int
    period: timedelta

    @property
    def interval(self) -> timedelta:
        """How long the bucket needs to get one act back."""
        return self.period / self.count


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The answer, with every number a caller may want to show or keep."""

    is_allowed: bool
    remaining: int
    retry_in: timedelta
    full_at: datetime


def decide(limit: Limit, *, full_at: datetime | None, at: datetime) -> Decision:
    """Whether one more act is allowed at this instant, given what was kept from the last decision.

    A refusal costs nothing: `full_at` stays, so that hammering does not prolong the wait.
    """
    start = _begin(full_at, at=at)
    after = start + limit.interval
    spare = limit.burst * limit.interval - (after - at)
    if spare < at_once:
        return Decision(is_allowed=False, remaining=0, retry_in=-spare, full_at=start)
    remaining = spare // limit.interval
    retry_in = at_once if remaining else limit.interval - spare
    return Decision(is_allowed=True, remaining=remaining, retry_in=retry_in, full_at=after)


def give_back(limit: Limit, *, full_at: datetime | None, at: datetime) -> datetime:
    """The instant to keep when one act that was spent should not have counted."""
    return max(at, _begin(full_at, at=at) - limit.interval)


def _begin(full_at: datetime | None, *, at: datetime) -> datetime:
    # An instant that has passed says "full": capacity is not saved up beyond the burst.
    return at if full_at is None else max(at, full_at)
