"""Keyset paging: the next page begins after a row, not after a number of rows.

A list that grows at its head while somebody reads it repeats nothing and skips nothing, and page fifty costs what
page one costs.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, newest first; `after` asks for the following page, and is empty on the last."""

    rows: list[Row]
    after: str


def page_of(rows: QuerySet[Row], *, by: str, after: str = "", limit: int = 50) -> Page[Row]:
    """The rows with the latest instant `by` (then the largest id), beginning after the row that `after` names.

    A marker that cannot be read begins at the top: it came from an address bar.
    """
    marker = _read(after)
    if marker is not None:
        at, row_id = marker
        rows = rows.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "id__lt": row_id}))
    found = list(rows.order_by(f"-{by}", "-id")[: limit + 1])
    kept = found[:limit]
    return Page(kept, _spell(kept[-1], by) if len(found) > limit else "")


def _spell(row: Model, by: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([getattr(row, by).isoformat(), str(row.pk)]).encode()).decode()


def _read(marker: str) -> tuple[datetime, UUID] | None:
    try:
        at, row_id = json.loads(base64.urlsafe_b64decode(marker))
        instant = datetime.fromisoformat(at)
        return (instant.astimezone(UTC), UUID(row_id)) if instant.tzinfo else None
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error, RecursionError):
        return None
