"""How the outside reaches this installation."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class PlatformsSettings:
    """Scheme and port of public addresses; an empty port is the scheme's own."""

    public_scheme: str = "https"
    public_port: str = ""


@cache
def read() -> PlatformsSettings:
    """The settings of this process."""
    return PlatformsSettings(
        public_scheme=settings.LETTERLOCK_PUBLIC_SCHEME, public_port=str(settings.LETTERLOCK_PUBLIC_PORT)
    )
