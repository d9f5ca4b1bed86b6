"""Time zones a person may choose."""

import zoneinfo
from functools import cache

from django.utils.translation import gettext_lazy as _

from letterlock.foundation.kernel.refusals import Kind, Refusal


class InvalidTimeZone(Refusal):
    """No zone of the IANA database."""

    kind = Kind.INVALID
    code = "policies.invalid_time_zone"
    sentence = _("“{zone}” is no time zone known here. Nothing was changed; please choose one from the list.")


def read_zone(typed: str) -> str:
    """The zone's name; empty means "as the browser says". Raises InvalidTimeZone."""
    zone = typed.strip()
    if zone and zone not in known_zones():
        raise InvalidTimeZone(zone=zone[:64])
    return zone


@cache
def known_zones() -> frozenset[str]:
    """Every place of the IANA database on this machine; its files also hold three names that are none."""
    return frozenset(zoneinfo.available_timezones() - {"Factory", "localtime", "posixrules"})
