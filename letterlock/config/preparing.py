"""Makes what an installation stands on: folders, both stores with their tables, and the root key."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from letterlock.foundation.vault import journal, roots, sweeping


class RootKeyLost(Exception):  # noqa: N818 -- its text is a sentence for the operator
    """The keystore holds keys, but the key above them is gone: a new one would open nothing."""


def prepare() -> None:
    """Create or bring up to date. Run again, it changes nothing that is there.

    Raises RootKeyLost.
    """
    for place in _folders():
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for alias in ("keystore", "default"):
        call_command("migrate", database=alias, interactive=False, verbosity=0)
    _ensure_root_key(Path(settings.LETTERLOCK_ROOT_KEY))
    journal.begin(Path(settings.LETTERLOCK_JOURNAL))
    for connection in connections.all():
        connection.close()


def _folders() -> list[Path]:
    stores = [database for database in settings.DATABASES.values() if database["ENGINE"].endswith("sqlite3")]
    places = [Path(str(store["NAME"])).parent for store in stores]
    files = [Path(settings.LETTERLOCK_ROOT_KEY), Path(settings.LETTERLOCK_JOURNAL)]
    return [*places, *(file.parent for file in files), Path(settings.LETTERLOCK_CHECKPOINTS)]


def _ensure_root_key(path: Path) -> None:
    if path.exists():
        return
    if any(True for _ in sweeping.platforms_with_keys()):
        raise RootKeyLost(
            f"The keystore has keys, but there is no root key at {path}. Put it back from its own backup; a new one "
            "would open nothing. Nothing was changed."
        )
    roots.create_root_key(path)
