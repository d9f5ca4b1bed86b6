"""Instants in the words of a page. `islands/times.ts` says the same in the browser's zone; change both."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_name
from django.utils import dateformat, timezone
from django.utils.translation import ngettext


def spoken(instant: datetime, style: str, *, zone: ZoneInfo, now: datetime) -> str:
    """`instant` in `zone`, as near to now as the style asks.

    row    9:42 am · Yesterday · 21 Nov · 21 Nov 2025       lists
    full   Today, 8:15 am · 21 Nov, 4:02 pm                 letters
    near   8:15 am · yesterday, 4:02 pm · 21 Nov, 4:02 pm   stamps
    told   today at 8:15 am · on 21 November at 4:02 pm     in a sentence
    exact  21 Nov 2026, 4:02:11 pm                          evidence
    day    Mon 30 Nov, 6:00 pm                              what lies ahead
    """
    local, today = instant.astimezone(zone), now.astimezone(zone)
    if style == "exact":
        return f"{dateformat.format(local, 'j M Y')}, {_clock(local, 'g:i:s A')}"
    if style == "day":
        return f"{dateformat.format(local, 'D')} {_date(local, today)}, {_clock(local)}"
    return _near(local, today, style)


def spoken_now(instant: datetime, style: str) -> str:
    """`spoken` in the zone of the request at hand."""
    return spoken(instant, style, zone=current_zone(), now=timezone.now())


def ahead(instant: datetime) -> str:
    """How far off, in the largest unit that is not rounded up: "in 6 days"."""
    left = max(timedelta(0), instant - timezone.now())
    if left >= timedelta(days=1):
        return ngettext("in %(count)d day", "in %(count)d days", left.days) % {"count": left.days}
    hours, minutes = left.seconds // 3600, left.seconds // 60
    if hours:
        return ngettext("in %(count)d hour", "in %(count)d hours", hours) % {"count": hours}
    return ngettext("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes}


def in_utc(instant: datetime) -> str:
    """The instant as it is stored, for hovering and for disputes."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def for_machines(instant: datetime) -> str:
    """The instant for `datetime` attributes."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def zone_name() -> str:
    """The zone of the request at hand, as people call it: "Central European Time"."""
    zone = current_zone()
    return "UTC" if zone.key == "UTC" else get_timezone_name(zone, locale="en")


def current_zone() -> ZoneInfo:
    """The zone the frame has activated for this request."""
    return timezone.get_current_timezone()


def _near(local: datetime, today: datetime, style: str) -> str:
    day = _day(local, today)
    if style == "full":
        return f"{day or _date(local, today)}, {_clock(local)}"
    if style == "told":
        return f"{day.lower() or 'on ' + _date(local, today, 'j F')} at {_clock(local)}"
    if day == "Today":
        return _clock(local)
    return f"{day.lower() or _date(local, today)}, {_clock(local)}" if style == "near" else day or _date(local, today)


def _day(local: datetime, today: datetime) -> str:
    days = {today.date(): "Today", today.date() - timedelta(days=1): "Yesterday"}
    return days.get(local.date(), "")


def _date(local: datetime, today: datetime, shape: str = "j M") -> str:
    return dateformat.format(local, shape if local.year == today.year else f"{shape} Y")


def _clock(local: datetime, shape: str = "g:i A") -> str:
    return dateformat.format(local, shape).lower()
