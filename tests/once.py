"""What does not hang on the store is shown on SQLite alone: two databases have to fit into one run.

A test that asks for no store cannot reach one: pytest-django refuses every connection to it. So it is left out of the
run on PostgreSQL by that alone, unless it starts programs of its own, which nothing refuses a connection. What goes
through a store without being about one, as a page's manners do, is marked `only_once`.
"""

import os

import pytest

store_fixtures = {"stores", "db", "transactional_db", "live_server", "_django_db_helper"}
#: Their tests hand stores of the kind under test to programs of their own.
with_programs = {"bench", "fire", "journeys", "thief"}
is_second_run = os.environ.get("LETTERLOCK_DATABASE", "").startswith("postgresql:")
only_once = pytest.mark.skipif(is_second_run, reason="Nothing of it hangs on the store; it is shown on SQLite.")


def asks_for_a_store(item: pytest.Item) -> bool:
    """Whether the test may connect to a store at all."""
    return bool(store_fixtures & set(getattr(item, "fixturenames", ()))) or bool(item.get_closest_marker("django_db"))


def may_hang_on_the_store(item: pytest.Item) -> bool:
    """Whether another database could make another outcome of it."""
    return asks_for_a_store(item) or bool(with_programs & set(item.path.parts))


def leave_out(items: list[pytest.Item], config: pytest.Config) -> None:
    """On PostgreSQL, take away what was shown on SQLite."""
    if is_second_run:
        config.hook.pytest_deselected(items=[item for item in items if not may_hang_on_the_store(item)])
        items[:] = [item for item in items if may_hang_on_the_store(item)]
