"""Logs: constant events with fields from an allow-list, and nothing else.

`log.info("Message recalled", message_id=message.id)`. A field that is not on the list is left out, and its name is
told, so that a mistake costs a line of log and never a secret.
"""

import enum
import logging
import uuid
from collections.abc import MutableMapping
from datetime import date, timedelta
from typing import Any

import structlog

#: Ids, counts, closed vocabularies and spans. No address, no name, no subject, no token, no text of an error.
allowed = frozenset(
    {
        *("platform_id", "account_id", "message_id", "draft_id", "participation_id", "invitation_id", "challenge_id"),
        *("session_id", "mail_id", "job_id", "entry_id", "object_id", "request_id"),
        *("topic", "handler", "event_name", "code", "kind", "reason", "state", "status", "method", "route", "error"),
        *("count", "attempts", "size_bytes", "milliseconds", "generation", "port", "after", "purpose", "alias"),
    }
)
longest_value = 200


def get(room: str) -> Any:
    """The logger of a room; its lines go through the standard library to wherever the operator points it."""
    return structlog.wrap_logger(
        logging.getLogger(f"letterlock.{room}"),
        wrapper_class=structlog.stdlib.BoundLogger,
        processors=[
            structlog.stdlib.filter_by_level,
            keep_allowed_fields,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
    )


def keep_allowed_fields(
    _logger: object,
    _method: str,
    fields: MutableMapping[str, Any],
) -> MutableMapping[str, Any]:
    """Drop what is not on the list or is no plain value."""
    kept: dict[str, Any] = {"event": fields.get("event")}
    dropped = []
    for name, value in fields.items():
        if name in allowed and (plain := _plain(value)) is not None:
            kept[name] = plain
        elif name != "event":
            dropped.append(name)
    if dropped:
        kept["dropped"] = sorted(dropped)
    return kept


def _plain(value: object) -> str | int | float | None:
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str | uuid.UUID | date | timedelta):
        return str(value)[:longest_value]
    return None
