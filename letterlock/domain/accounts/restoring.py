"""What must not come back with an old database."""

from datetime import datetime

from letterlock.domain.accounts.models import Session
from letterlock.foundation.kernel import transactions


@transactions.opened
def end_every_session(*, at: datetime) -> int:
    """Have everybody sign in again: a session that was signed out, or ended by a new password, would be alive again."""
    return Session.objects.filter(ended_at=None).update(ended_at=at)
