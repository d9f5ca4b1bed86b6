"""Where the vault finds its root key and writes its destruction journal."""

import functools
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class VaultSettings:
    """Two files that are in neither store, nor in their backups."""

    root_key: Path
    journal: Path


@functools.cache
def vault_settings() -> VaultSettings:
    """The settings, read once."""
    return VaultSettings(root_key=Path(settings.LETTERLOCK_ROOT_KEY), journal=Path(settings.LETTERLOCK_JOURNAL))
