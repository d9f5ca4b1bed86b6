"""How log lines look: one line an event; a defect shows where it happened and never what was in its text.

SECURITY: the text of an exception may quote a row, an address or a mail (PostgreSQL's `DETAIL` does). Type and
places are enough to find a defect. See test_a_traceback_in_the_log_quotes_nothing.
"""

import logging
import traceback
from types import TracebackType
from typing import Any


class Formatter(logging.Formatter):
    """Time, level, logger and event; for a defect the frames it passed through."""

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
            # Django writes the path of a refused request into the event: paths carry tokens of invitations.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            "django.server": {"level": "ERROR"},
        },
    }
