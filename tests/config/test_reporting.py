"""Log lines of defects: where, and of what kind, but never what was in their text."""

import logging

from letterlock.config.reporting import Formatter


def test_a_traceback_in_the_log_quotes_nothing() -> None:
    try:
        int("alice@acme.example wrote: attack at dawn")
    except ValueError as error:
        record = logging.LogRecord(
            "letterlock", logging.ERROR, __file__, 1, "Failed", None, (type(error), error, error.__traceback__)
        )
    line = Formatter("{message}", style="{").format(record)
    assert "ValueError" in line
    assert "test_reporting.py" in line
    assert "alice" not in line
    assert "dawn" not in line
