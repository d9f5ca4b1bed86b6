"""Time zones."""

import pytest

from letterlock.domain.policies import zones
from letterlock.domain.policies.zones import InvalidTimeZone


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "America/New_York", "Europe/Zurich", "Asia/Calcutta", "UTC"])
def test_a_zone_of_the_iana_database_is_kept(zone: str) -> None:
    assert zones.read_zone(f" {zone} ") == zone


def test_no_zone_means_as_the_browser_says() -> None:
    assert zones.read_zone("") == ""


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "America", "../../etc/passwd", "america/new_york", "localtime", "Factory", "x" * 500]
)
def test_anything_else_is_refused(zone: str) -> None:
    with pytest.raises(InvalidTimeZone):
        zones.read_zone(zone)
