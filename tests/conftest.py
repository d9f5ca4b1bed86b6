"""What every test shares: real stores, emptied after each test, the keys, and the cast.

A test that names `stores`, `people` or `platforms`, or is marked `django_db`, works on both
databases with real commits. pytest-django's own flush is replaced: it empties every table and
stumbles over the ledger's triggers; ours empties only what was filled (`tests/emptying.py`).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from letterlock.foundation.vault import roots
from tests import emptying, keeping, once
from tests.cast import People, Platforms, found_platforms, gather_people

both = ["default", "keystore"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every test that touches a store gets both of them, committed for real; journeys are marked as such."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
        if once.asks_for_a_store(item):
            item.add_marker(pytest.mark.django_db(transaction=True, databases=both), append=False)
    once.leave_out(items, config)


@pytest.fixture(scope="session")
def keys(django_db_blocker: DjangoDbBlocker) -> Path:
    """The root key of this test process, in a folder that goes away with it."""
    path = Path(settings.LETTERLOCK_ROOT_KEY)
    if not path.exists():
        roots.create_root_key(path)
    return path


@pytest.fixture
def stores(django_db_setup: None, django_db_blocker: DjangoDbBlocker, keys: Path) -> Iterator[None]:
    """Both databases, empty at the start and emptied at the end, with the files beside them."""
    with django_db_blocker.unblock():
        yield
        emptying.empty_stores()
    # What stands beside the stores is of the same platforms, and those come back in the next test.
    for file in (Path(settings.LETTERLOCK_JOURNAL), *Path(settings.LETTERLOCK_CHECKPOINTS).glob("*")):
        file.unlink(missing_ok=True)


@pytest.fixture
def _django_db_helper(stores: None) -> None:
    """Stands in for the fixture of pytest-django behind its marker, `db` and `live_server`."""


@pytest.fixture
def platforms(stores: None) -> Platforms:
    """Acme and Globex: two platforms on one server that know nothing of each other."""
    return keeping.once(found_platforms)


@pytest.fixture
def people(platforms: Platforms) -> People:
    """The cast: see `tests/cast.py` for who is who."""
    return keeping.once(gather_people, platforms)
