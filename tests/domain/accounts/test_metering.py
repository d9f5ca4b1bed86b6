"""Buckets as rows."""

import pytest

from letterlock.domain.accounts import metering
from letterlock.domain.accounts.metering import TooManyTries
from letterlock.domain.accounts.models import Throttle
from letterlock.domain.policies.throttling import Limit
from letterlock.foundation.kernel import transactions
from tests.domain.accounts.doing import at_once, minute, now

pytestmark = pytest.mark.usefixtures("stores")

narrow = Limit(name="narrow", burst=1, count=1, period=3 * minute)
wide = Limit(name="wide", burst=5, count=1, period=minute)


@transactions.opened
def spend(*meters: metering.Meter) -> None:
    metering.spend(meters, at=now)


def test_a_bucket_is_emptied_by_its_burst() -> None:
    for _ in range(5):
        spend(metering.meter(wide, "a"))

    with pytest.raises(TooManyTries):
        spend(metering.meter(wide, "a"))
    spend(metering.meter(wide, "b"))


def test_one_empty_bucket_leaves_the_others_as_they_were() -> None:
    spend(metering.meter(narrow, "a"), metering.meter(wide, "a"))
    before = Throttle.objects.get(key__startswith="wide").full_at

    with pytest.raises(TooManyTries) as refusal:
        spend(metering.meter(narrow, "a"), metering.meter(wide, "a"))

    assert Throttle.objects.get(key__startswith="wide").full_at == before
    assert refusal.value.details == {"minutes": 3, "retry_after": 3 * minute}


def test_however_many_come_at_once_the_burst_is_not_exceeded() -> None:
    outcomes = at_once(9, lambda: spend(metering.meter(wide, "a")))

    assert outcomes.count(None) == 5


def test_parts_are_kept_apart_and_are_not_in_the_key() -> None:
    one, other = metering.meter(wide, "ab", "c"), metering.meter(wide, "a", "bc")

    assert one.key != other.key
    assert len(metering.meter(wide, "x" * 5000, "\ud800").key) <= 80
    assert "alice" not in metering.meter(wide, "alice@acme.example").key
