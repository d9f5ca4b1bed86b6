"""Log lines of defects: where, and of what kind, but never what was in their text."""

import logging
from types import SimpleNamespace

import pytest

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


@pytest.mark.parametrize(
    ("match", "said"),
    [(SimpleNamespace(route="invitations/<str:token>/"), "at /invitations/<str:token>/"), (None, "at /…")],
)
def test_a_defect_on_a_page_names_its_route_and_not_its_address(match: SimpleNamespace | None, said: str) -> None:
    words = ("Internal Server Error: %s", ("/invitations/the-token/",))
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, *words, None)
    record.request = SimpleNamespace(resolver_match=match)
    line = Formatter("{message}", style="{").format(record)
    assert line == f"Request failed {said}"
    assert record.getMessage() == "Internal Server Error: /invitations/the-token/"
