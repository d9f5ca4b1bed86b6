"""The program of test_killing: a worker whose one handler waits for a word on its standard input."""

import os
import sys
from datetime import datetime

import django
from django.utils import timezone


def wait_for_word(*, letter_id: str, at: datetime) -> None:
    say("begun")
    sys.stdin.readline()
    say("done")


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "letterlock.config.settings.test"
    django.setup()
    from letterlock.foundation.outbox import handling, working

    handling._by_name.clear()  # this program knows one kind of work, and no chore
    wait_for_word.__module__ = "tests.foundation.outbox.a_worker"
    handling.handles("tests.killing.begun")(wait_for_word)
    worker = working.Worker(clock=timezone.now)
    worker.stop_on_signals()
    worker.run()
    say("stopped")


if __name__ == "__main__":
    main()
