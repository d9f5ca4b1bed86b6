"""What every journey has: the running product, a browser, and people who walk in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.product import Product, run_product
from tests.journeys.visitors import Visitors

chromium = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """One running product for all journeys: each brings people of its own."""
    with run_product() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture
def visitors(browser: Browser, product: Product) -> Iterator[Visitors]:
    """People with a browser each; a broken rule of the pages' own policy fails the journey."""
    coming = Visitors(browser, product)
    yield coming
    coming.leave()
