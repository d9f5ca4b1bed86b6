"""A log line holds what is on the list, and nothing else."""

import ast
import logging
from pathlib import Path

import pytest

from letterlock.foundation.kernel import logs
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.secrets import Secret


def line(caplog: pytest.LogCaptureFixture, **fields: object) -> str:
    with caplog.at_level(logging.INFO, logger="letterlock.tests"):
        logs.get("tests").info("Letter posted", **fields)
    return caplog.records[-1].getMessage()


def test_allowed_fields_are_written(caplog: pytest.LogCaptureFixture) -> None:
    message_id = new_id()
    assert line(caplog, message_id=message_id, count=3) == f"event='Letter posted' message_id='{message_id}' count=3"


def test_a_field_that_is_not_on_the_list_is_named_but_not_written(caplog: pytest.LogCaptureFixture) -> None:
    written = line(caplog, subject="TOPSECRET", address="bob@client.example")
    assert written == "event='Letter posted' dropped=['address', 'subject']"


@pytest.mark.parametrize("value", [b"TOPSECRET", ["TOPSECRET"], {"a": "TOPSECRET"}, Secret("TOPSECRET")])
def test_only_plain_values_are_written(caplog: pytest.LogCaptureFixture, value: object) -> None:
    assert "TOPSECRET" not in line(caplog, code=value)


def test_every_line_of_log_is_constant_and_has_allowed_fields_only() -> None:
    for path in Path(logs.__file__).parents[2].rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("log."):
                assert isinstance(call.args[0], ast.Constant), f"{path.name}:{call.lineno}"
                assert {keyword.arg for keyword in call.keywords} <= logs.allowed, f"{path.name}:{call.lineno}"


def test_a_long_value_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    assert len(line(caplog, code="x" * 10_000)) < 300


def test_a_line_stays_one_line(caplog: pytest.LogCaptureFixture) -> None:
    assert "\n" not in line(caplog, code="one\ntwo")


def test_no_exception_text_is_written(caplog: pytest.LogCaptureFixture) -> None:
    try:
        int("TOPSECRET")
    except ValueError:
        assert "TOPSECRET" not in line(caplog, exc_info=True)
