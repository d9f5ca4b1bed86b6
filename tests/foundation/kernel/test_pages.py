"""A page begins after a row: nothing is repeated, nothing skipped."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letterlock.foundation.kernel import pages, transactions
from letterlock.foundation.outbox.models import Job

noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def seven(stores: None) -> list[Job]:
    """Seven rows, three of them of the same instant; newest first."""
    minutes = [0, 1, 2, 2, 2, 3, 4]
    with transactions.writing():
        made = [
            Job.objects.create(topic="t", handler="h", due_at=noon, created_at=noon + timedelta(minutes=m))
            for m in minutes
        ]
    return sorted(made, key=lambda job: (job.created_at, job.id), reverse=True)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_together_are_the_list(seven: list[Job], limit: int) -> None:
    rows, after = [], ""
    while True:
        page = pages.page_of(Job.objects.all(), by="created_at", after=after, limit=limit)
        rows += page.rows
        after = page.after
        if not after:
            break
    assert rows == seven


def test_a_row_that_came_while_reading_shifts_nothing(seven: list[Job]) -> None:
    first = pages.page_of(Job.objects.all(), by="created_at", limit=3)
    with transactions.writing():
        Job.objects.create(topic="t", handler="h", due_at=noon, created_at=noon + timedelta(hours=1))
    second = pages.page_of(Job.objects.all(), by="created_at", after=first.after, limit=3)
    assert first.rows + second.rows == seven[:6]


def test_the_last_page_has_none_after_it(seven: list[Job]) -> None:
    assert pages.page_of(Job.objects.all(), by="created_at", limit=7).after == ""


@given(marker=st.text(max_size=60))
def test_a_marker_that_cannot_be_read_begins_at_the_top(marker: str) -> None:
    assert pages._read(marker) is None


def test_a_marker_of_the_wrong_kind_begins_at_the_top(seven: list[Job]) -> None:
    beyond = base64.urlsafe_b64encode(f'["0001-01-01T00:00:00+23:59", "{seven[0].id}"]'.encode()).decode()
    for wrong in ["W10=", "WzEsMl0=", "WyIyMDI2LTAzLTAyIiwieCJd", "e30=", "\N{SNOWMAN}", beyond]:
        assert pages.page_of(Job.objects.all(), by="created_at", after=wrong).rows == seven
