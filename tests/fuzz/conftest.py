"""`--fuzz-minutes N`: each target for so long. Without it each has its findings and a few inputs more."""

import sys
from collections.abc import Callable

import pytest

from tests.fuzz import fuzzing
from tests.fuzz.fuzzing import Target

Fuzz = Callable[[Target], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fuzz-minutes", type=float, default=0.0, help="how long each target is tried")


@pytest.fixture
def fuzz(request: pytest.FixtureRequest) -> Fuzz:
    minutes: float = request.config.getoption("--fuzz-minutes", default=0.0)
    if not minutes:
        return fuzzing.run
    return lambda target: fuzzing.run_for(target, minutes=minutes, say=_say)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
