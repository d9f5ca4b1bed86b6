"""The second process of test_transactions: commits as often as its argument says."""

import os
import sys
from datetime import UTC, datetime, timedelta

import django

from tests.patience import hang_seconds


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "letterlock.config.settings.test"
    django.setup()
    from letterlock.foundation.kernel import transactions
    from letterlock.foundation.outbox.models import Job

    noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    for _ in range(int(sys.argv[1])):
        with transactions.writing(patience=timedelta(seconds=hang_seconds)):
            Job.objects.create(topic="process", handler="tests.nobody", due_at=noon, created_at=noon)


if __name__ == "__main__":
    main()
