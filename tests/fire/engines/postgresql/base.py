"""See `tests.fire.instants`."""

from django.db.backends.postgresql import base

from tests.fire import instants


class DatabaseWrapper(base.DatabaseWrapper):
    """The connection as Django makes it; its commits are instants at which a process may die."""

    def _commit(self) -> None:
        with instants.around(f"commit {self.alias}"):
            super()._commit()
