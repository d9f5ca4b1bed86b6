"""Where the vault finds its root key, writes its destruction journal, and how long copies of the keystore live."""

import functools
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class VaultSettings:
    """Two files that are in neither store, nor in their backups; where those are, if it is known, and for how long.

    `backups` is the folder that `letterlock backup` is run with. `snapshots_kept` is the age at which no copy of the
    keystore may exist any more.
    """

    root_key: Path
    journal: Path
    backups: Path | None = None
    snapshots_kept: timedelta = timedelta(hours=6)


@functools.cache
def vault_settings() -> VaultSettings:
    """The settings, read once."""
    return VaultSettings(
        root_key=Path(settings.LETTERLOCK_ROOT_KEY),
        journal=Path(settings.LETTERLOCK_JOURNAL),
        backups=Path(settings.LETTERLOCK_BACKUPS) if settings.LETTERLOCK_BACKUPS else None,
        snapshots_kept=timedelta(hours=float(settings.LETTERLOCK_KEY_SNAPSHOT_HOURS)),
    )
