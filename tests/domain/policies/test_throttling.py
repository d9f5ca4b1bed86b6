"""A bucket, walked through time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from letterlock.domain.policies import throttling
from letterlock.domain.policies.throttling import Limit

# Ten tries at once, and one more every minute.
limit = Limit(name="tries", burst=10, count=6, period=timedelta(minutes=6))
noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
second, minute = timedelta(seconds=1), timedelta(minutes=1)


def test_a_bucket_through_an_afternoon() -> None:
    # The first try finds a full bucket.
    decision = throttling.decide(limit, full_at=None, at=noon)
    assert decision.is_allowed
    assert decision.remaining == 9
    assert decision.retry_in == timedelta(0)

    # Nine more in the same instant empty it; the tenth says how long the next one has to wait.
    for left in (8, 7, 6, 5, 4, 3, 2, 1, 0):
        decision = throttling.decide(limit, full_at=decision.full_at, at=noon)
        assert decision.is_allowed
        assert decision.remaining == left
    assert decision.retry_in == minute

    # The eleventh is refused, and costs nothing.
    refused = throttling.decide(limit, full_at=decision.full_at, at=noon + 15 * second)
    assert not refused.is_allowed
    assert refused.retry_in == 45 * second
    assert refused.full_at == decision.full_at

    # Hammering does not prolong the wait: at 12:01 exactly one is back.
    assert throttling.decide(limit, full_at=refused.full_at, at=noon + minute).is_allowed
    again = throttling.decide(limit, full_at=refused.full_at, at=noon + minute)
    assert not throttling.decide(limit, full_at=again.full_at, at=noon + minute).is_allowed

    # After half an hour it is full, and no fuller than after ten minutes.
    rested = throttling.decide(limit, full_at=again.full_at, at=noon + 30 * minute)
    assert rested.remaining == 9


def test_what_is_given_back_can_be_spent_again() -> None:
    full_at = None
    for _ in range(10):
        full_at = throttling.decide(limit, full_at=full_at, at=noon).full_at
    assert not throttling.decide(limit, full_at=full_at, at=noon).is_allowed

    full_at = throttling.give_back(limit, full_at=full_at, at=noon)

    decision = throttling.decide(limit, full_at=full_at, at=noon)
    assert decision.is_allowed
    assert decision.remaining == 0


def test_giving_back_to_a_full_bucket_makes_it_no_fuller() -> None:
    assert throttling.give_back(limit, full_at=None, at=noon) == noon
    assert throttling.give_back(limit, full_at=noon - minute, at=noon) == noon


@given(st.lists(st.integers(min_value=0, max_value=600), min_size=1, max_size=80))
def test_no_window_holds_more_than_the_burst_and_what_came_back(gaps_seconds: list[int]) -> None:
    at, full_at, allowed = noon, None, []
    for gap in gaps_seconds:
        at += gap * second
        decision = throttling.decide(limit, full_at=full_at, at=at)
        full_at = decision.full_at
        if decision.is_allowed:
            allowed.append(at)
    for first, start in enumerate(allowed):
        for last in range(first, len(allowed)):
            assert last - first + 1 <= limit.burst + (allowed[last] - start) / limit.interval
