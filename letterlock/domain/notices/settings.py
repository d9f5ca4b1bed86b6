"""How mails leave: who they come from, and the DKIM key if there is one. The relay is in Django's EMAIL_* settings."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class NoticesSettings:
    """Without a DKIM key mails leave unsigned, for a relay that signs."""

    sender_local_part: str = "no-reply"
    dkim_selector: str = "letterlock"
    dkim_key: Path | None = None


@cache
def read() -> NoticesSettings:
    """The settings of this process."""
    key = settings.LETTERLOCK_DKIM_KEY
    return NoticesSettings(dkim_selector=settings.LETTERLOCK_DKIM_SELECTOR, dkim_key=Path(key) if key else None)
