"""What is left out on PostgreSQL cannot hang on it: a test that asks for no store is refused one."""

from pathlib import Path

import pytest
from django.db import connections

from tests import once

tests = Path(__file__).parents[1]


@pytest.mark.parametrize("alias", ["default", "keystore"])
def test_a_test_that_asks_for_no_store_is_refused_one(alias: str) -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connections[alias].ensure_connection()


def test_whoever_asks_for_a_store_is_run_on_both(request: pytest.FixtureRequest, stores: None) -> None:
    assert once.may_hang_on_the_store(request.node)


def test_folders_whose_tests_hand_stores_to_programs_are_run_on_both() -> None:
    words = ("run_product", "run_burning", "set_fire", "bench.letter")
    files = [*tests.rglob("test_*.py"), *tests.rglob("conftest.py")]
    handing = [file for file in files if any(word in file.read_text() for word in words)]
    folders = {file.relative_to(tests).parts[0] for file in handing} - {"house"}
    assert folders == once.with_programs
