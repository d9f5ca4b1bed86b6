"""Where checkpoints are kept: outside both stores."""

import functools
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class AuditSettings:
    """The folder of the checkpoint files."""

    checkpoints: Path


@functools.cache
def audit_settings() -> AuditSettings:
    """The settings, read once."""
    return AuditSettings(checkpoints=Path(settings.LETTERLOCK_CHECKPOINTS))
