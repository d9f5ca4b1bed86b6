"""What every test shares: real stores, emptied after each test, the keys, and the cast.

A test that names `stores`, `people` or `platforms`, or is marked `django_db`, works on both
databases with real commits. pytest-django's own flush is replaced: it empties every table and
stumbles over the ledger's triggers; ours empties only what was filled, through the one function
that may lift them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from letterlock.foundation.vault import roots
from tests import emptying
from tests.cast import People, Platforms, found_platforms, gather_people

both = ["default", "keystore"]
store_fixtures = {"stores", "db", "transactional_db", "live_server", "_django_db_helper"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that touches a store gets both of them, committed for real; journeys are marked as such."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & store_fixtures or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db(transaction=True, databases=both), append=False)


@pytest.fixture(scope="session")
def keys(django_db_blocker: DjangoDbBlocker) -> Path:
    """The root key of this test process, in a folder that goes away with it."""
    path = Path(settings.LETTERLOCK_ROOT_KEY)
    if not path.exists():
        roots.create_root_key(path)
    return path


@pytest.fixture
def stores(django_db_setup: None, django_db_blocker: DjangoDbBlocker, keys: Path) -> Iterator[None]:
    """Both databases, empty at the start and emptied at the end."""
    with django_db_blocker.unblock():
        yield
        emptying.empty_stores()
    Path(settings.LETTERLOCK_JOURNAL).unlink(missing_ok=True)


@pytest.fixture
def _django_db_helper(stores: None) -> None:
    """Stands in for the fixture of pytest-django behind its marker, `db` and `live_server`."""


@pytest.fixture
def platforms(stores: None) -> Platforms:
    """Acme and Globex: two platforms on one server that know nothing of each other."""
    return found_platforms()


@pytest.fixture
def people(platforms: Platforms) -> People:
    """The cast: see `tests/cast.py` for who is who."""
    return gather_people(platforms)
