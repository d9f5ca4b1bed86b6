"""How log lines look: one line an event; a defect shows where it happened and never what was in its text.

SECURITY: the text of an exception may quote a row, an address or a mail (PostgreSQL's `DETAIL` does). Type and
places are enough to find a defect. See test_a_traceback_in_the_log_quotes_nothing. An address may carry the token of an
invitation: a line about a request names its route. See test_a_defect_on_a_page_names_its_route_and_not_its_address.
"""

import copy
import logging
import traceback
from types import TracebackType
from typing import Any


class Formatter(logging.Formatter):
    """Time, level, logger and event; for a defect the frames it passed through."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == "django.request":
            record = copy.copy(record)
            match = getattr(getattr(record, "request", None), "resolver_match", None)
            record.msg, record.args = f"Request failed at /{match.route if match else '…'}", ()
        return super().format(record)

    def formatException(  # noqa: N802 -- the standard library's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, _, trace = ei
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([*(f"  at {frame}" for frame in frames), f"  {kind.__name__ if kind else 'unknown'}"])


def logging_settings(*, level: str = "INFO") -> dict[str, Any]:
    """Everything goes to standard error; what keeps it is the operator's choice."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": Formatter, "format": "{asctime} {levelname} {name} {message}", "style": "{"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "letterlock": {"level": level},
            # A refused request is no event: its answer says what was wrong.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            "django.server": {"level": "ERROR"},
        },
    }
