"""Instants in words; `islands/times.test.ts` holds the browser to the same words."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from letterlock.doors.frame import times

vectors = json.loads((Path(__file__).parents[2] / "vectors/spoken-times.json").read_text())


@pytest.mark.parametrize("case", vectors["cases"], ids=lambda case: f"{case['style']}-{case['zone']}-{case['says']}")
def test_an_instant_is_spoken_as_agreed_with_the_browser(case: dict[str, str]) -> None:
    instant, now = datetime.fromisoformat(case["instant"]), datetime.fromisoformat(vectors["now"])

    assert times.spoken(instant, case["style"], zone=ZoneInfo(case["zone"]), now=now) == case["says"]


def test_utc_can_be_read_by_people_and_machines() -> None:
    instant = datetime(2026, 11, 24, 8, 15, 7, tzinfo=ZoneInfo("Europe/Berlin"))

    assert times.in_utc(instant) == "2026-11-24 07:15:07 UTC"
    assert datetime.fromisoformat(times.for_machines(instant)) == datetime(2026, 11, 24, 7, 15, 7, tzinfo=UTC)
