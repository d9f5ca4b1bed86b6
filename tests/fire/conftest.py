"""One product under fire for all tests here: starting it again is what they are about anyway."""

from collections.abc import Iterator

import pytest

from tests.fire.crashing import Fire, set_fire


@pytest.fixture(scope="session")
def fire() -> Iterator[Fire]:
    with set_fire() as burning:
        yield burning
