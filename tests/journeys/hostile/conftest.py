"""A browser from which nothing gets out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import chromium
from tests.journeys.hostile.watching import Trap, set_trap
from tests.journeys.product import Product
from tests.journeys.visitors import Visitors


@pytest.fixture(scope="session")
def trap() -> Iterator[Trap]:
    with set_trap() as listening:
        yield listening


@pytest.fixture(scope="session")
def shut_in(browser: Browser, trap: Trap) -> Iterator[Browser]:
    """A browser of its own: whatever it asks of any host but this machine's own names goes into the trap."""
    launched = browser.browser_type.launch(
        executable_path=chromium,
        args=["--no-sandbox", "--disable-background-networking", f"--proxy-server={trap.address}"],
    )
    yield launched
    launched.close()


@pytest.fixture
def readers(shut_in: Browser, product: Product, trap: Trap) -> Iterator[Visitors]:
    """People in that browser. Their consoles are watched by the tests themselves."""
    coming = Visitors(shut_in, product)
    trap.forget()
    yield coming
    coming.close()
