"""Throwing away rows that prove nothing any more."""

from datetime import datetime

from letterlock.domain.accounts import settings
from letterlock.domain.accounts.models import Challenge, Session, Throttle
from letterlock.domain.policies import limits
from letterlock.foundation.kernel import transactions


@transactions.opened
def sweep(*, at: datetime) -> None:
    """Delete full buckets, questions that are over, and sessions that ended or lapsed a month ago."""
    oldest = at - limits.ended_rows_kept
    Throttle.objects.filter(full_at__lt=at).delete()
    Challenge.objects.filter(created_at__lt=at - limits.question_lifetime - limits.code_lifetime).delete()
    Session.objects.filter(ended_at__lt=oldest).delete()
    Session.objects.filter(created_at__lt=oldest - settings.read().session_lifetime).delete()
