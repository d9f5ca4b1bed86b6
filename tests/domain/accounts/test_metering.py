"""Buckets as rows."""

from uuid import uuid4

import pytest

from letterlock.domain.accounts import metering
from letterlock.domain.accounts.metering import Meter, TooManyTries
from letterlock.domain.accounts.models import Throttle
from letterlock.domain.policies.throttling import Limit
from letterlock.foundation.kernel import transactions
from letterlock.foundation.vault import platform_keys
from letterlock.foundation.vault.keystore.models import SealedKey
from tests.domain.accounts.doing import at_once, minute, now

pytestmark = pytest.mark.usefixtures("stores")

platform_id = uuid4()

narrow = Limit(name="narrow", burst=1, count=1, period=3 * minute)
wide = Limit(name="wide", burst=5, count=1, period=minute)


@pytest.fixture(autouse=True)
def _keys_of_the_platform(stores: None) -> None:
    platform_keys.forget_keys()
    platform_keys.create_platform_key(platform_id, at=now)


def bucket(limit: Limit, *parts: object) -> Meter:
    return metering.meter(limit, *parts, platform_id=platform_id)


@transactions.opened
def spend(*meters: Meter) -> None:
    metering.spend(meters, at=now)


def test_a_bucket_is_emptied_by_its_burst() -> None:
    for _ in range(5):
        spend(bucket(wide, "a"))

    with pytest.raises(TooManyTries):
        spend(bucket(wide, "a"))
    spend(bucket(wide, "b"))


def test_one_empty_bucket_leaves_the_others_as_they_were() -> None:
    spend(bucket(narrow, "a"), bucket(wide, "a"))
    before = Throttle.objects.get(key__startswith="wide").full_at

    with pytest.raises(TooManyTries) as refusal:
        spend(bucket(narrow, "a"), bucket(wide, "a"))

    assert Throttle.objects.get(key__startswith="wide").full_at == before
    assert refusal.value.details == {"minutes": 3, "retry_after": 3 * minute}


def test_however_many_come_at_once_the_burst_is_not_exceeded() -> None:
    outcomes = at_once(9, lambda: spend(bucket(wide, "a")))

    assert outcomes.count(None) == 5


def test_parts_are_kept_apart_and_are_not_in_the_key() -> None:
    one, other = bucket(wide, "ab", "c"), bucket(wide, "a", "bc")

    assert one.key != other.key
    assert len(bucket(wide, "x" * 5000, "\ud800").key) <= 80
    assert "alice" not in bucket(wide, "alice@acme.example").key


def test_a_stolen_throttle_does_not_tell_who_asked_from_where() -> None:
    key = bucket(wide, "192.0.2.7").key
    # Whoever has the database alone could try every network there is, if the name hung on nothing but them.
    other = uuid4()
    platform_keys.create_platform_key(other, at=now)
    assert metering.meter(wide, "192.0.2.7", platform_id=other).key != key
    forget_and_found_anew()
    assert bucket(wide, "192.0.2.7").key != key


def forget_and_found_anew() -> None:
    """The same platform with another key, as for somebody who has to guess it."""
    SealedKey.objects.filter(platform_id=platform_id).delete()
    platform_keys.forget_keys()
    platform_keys.create_platform_key(platform_id, at=now)
