"""How long a person stays signed in."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class AccountsSettings:
    """A session ends after `session_idle` without a request, and after `session_lifetime` in any case."""

    session_idle: timedelta = timedelta(hours=12)
    session_lifetime: timedelta = timedelta(days=7)


@cache
def read() -> AccountsSettings:
    """The settings of this process."""
    return AccountsSettings(
        session_idle=settings.LETTERLOCK_SESSION_IDLE, session_lifetime=settings.LETTERLOCK_SESSION_LIFETIME
    )
