"""`letterlock worker`: does the work that committed facts require, until it is told to stop."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from letterlock.foundation.outbox.working import Worker


class Command(BaseCommand):
    help = "Send mails, destroy keys, expire messages: whatever the outbox holds. Ends cleanly on SIGTERM."

    def handle(self, *_: Any, **__: Any) -> None:
        worker = Worker(clock=timezone.now)
        worker.stop_on_signals()
        worker.run()
