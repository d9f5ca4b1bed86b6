"""The worker: claims jobs by conditional update, runs them, deletes, postpones or buries them.

Polling is a plain read, so idle workers never stand in the writers' queue. A
claim is a lease: a worker that was killed leaves its job to another one when
the lease has run out. Any number of worker processes may run.
"""

import signal
import threading
import traceback
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import Error as DatabaseFailure
from django.db import close_old_connections
from django.db.models import Exists, OuterRef, Q, QuerySet

from letterlock.foundation.kernel import logs, transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.refusals import Refusal
from letterlock.foundation.outbox import handling
from letterlock.foundation.outbox.handling import Handler, TryLater
from letterlock.foundation.outbox.models import Job

chore_topic = "outbox.chore"
first_pause = timedelta(seconds=10)
longest_pause = timedelta(hours=1)
most_attempts = 20
looked_at_once = 20

log = logs.get("outbox")


class Worker:
    """Runs jobs until told to stop; a job in hand is finished first."""

    def __init__(self, *, clock: Callable[[], datetime], idle: timedelta = timedelta(milliseconds=500)) -> None:
        self._clock = clock
        self._idle_seconds = idle.total_seconds()
        self._stopping = threading.Event()

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT end the loop after the job in hand. Main thread only."""
        signal.signal(signal.SIGTERM, lambda *_: self.stop())
        signal.signal(signal.SIGINT, lambda *_: self.stop())

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped. A database that is away for a while is waited for."""
        planned = False
        while not self._stopping.is_set():
            try:
                planned = planned or plan_chores(at=self._clock())
                busy = run_due_jobs(at=self._clock(), limit=1) > 0
            except (DatabaseFailure, transactions.Busy) as error:
                log.warning("Database not reachable", error=type(error).__name__)
                busy = False
            if not busy:
                # Closes what is broken or too old; between jobs connections are kept.
                close_old_connections()
                self._stopping.wait(self._idle_seconds)


def run_due_jobs(*, at: datetime, limit: int = 100) -> int:
    """Run up to `limit` jobs that are due, the ones they cause included; the number of jobs run."""
    ran = 0
    while ran < limit and (job := _claim_next(at=at)):
        _run(job, at=at)
        ran += 1
    return ran


def plan_chores(*, at: datetime) -> bool:
    """Make sure that each registered chore has its one row, and forgotten chores none."""
    planned = {_chore_id(chore): chore for chore in handling.chores()}
    with transactions.writing():
        Job.objects.filter(topic=chore_topic).exclude(id__in=planned).delete()
        Job.objects.bulk_create(
            [
                Job(id=key, topic=chore_topic, handler=chore.name, due_at=at, created_at=at)
                for key, chore in planned.items()
            ],
            ignore_conflicts=True,
        )
    return True


def _claim_next(*, at: datetime) -> Job | None:
    for job in _claimable(at=at).order_by("due_at", "id")[:looked_at_once]:
        if _claim(job, at=at):
            return job
    return None


def _claimable(*, at: datetime) -> QuerySet[Job]:
    earlier = Job.objects.filter(order_key=OuterRef("order_key"), id__lt=OuterRef("id"), dead_at=None)
    return Job.objects.filter(
        Q(leased_until=None) | Q(leased_until__lte=at),
        Q(order_key="") | ~Exists(earlier),
        dead_at=None,
        due_at__lte=at,
    )


def _claim(job: Job, *, at: datetime) -> bool:
    """Whether the lease is ours: the update finds the row only as it was read."""
    handler = handling.handler_named(job.handler)
    lease, until = new_id(), at + (handler.lease if handler else handling.default_lease)
    with transactions.writing():
        unchanged = Job.objects.filter(id=job.id, lease=job.lease, attempts=job.attempts, dead_at=None)
        claimed = unchanged.update(lease=lease, leased_until=until, attempts=job.attempts + 1)
    job.lease, job.attempts = lease, job.attempts + 1
    return claimed == 1


def _run(job: Job, *, at: datetime) -> None:
    handler = handling.handler_named(job.handler)
    try:
        _demand(handler).run(**job.ids, at=at)
    except TryLater as wish:
        _postpone(job, due_at=at + wish.after, because=wish.because, attempts=job.attempts - 1)
    except Exception as error:  # whatever a handler raises, the queue goes on
        _fail(job, error, handler=handler, at=at)
    else:
        _finish(job, handler=handler, at=at)


def _demand(handler: Handler | None) -> Handler:
    """A job of a newer or older version of the program waits with back-off for one that knows it."""
    if handler is None:
        raise LookupError
    return handler


def _finish(job: Job, *, handler: Handler | None, at: datetime) -> None:
    if handler and handler.every and job.topic == chore_topic:
        _postpone(job, due_at=at + handler.every, because="", attempts=0)
        return
    with transactions.writing():
        Job.objects.filter(id=job.id, lease=job.lease).delete()


def _fail(job: Job, error: Exception, *, handler: Handler | None, at: datetime) -> None:
    because = _describe(error)
    log.warning("Job failed", topic=job.topic, handler=job.handler, job_id=job.id, attempts=job.attempts, error=because)
    pause = min(first_pause * 2 ** (min(job.attempts, most_attempts) - 1), longest_pause)
    if job.topic == chore_topic:
        period = handler.every if handler and handler.every else longest_pause
        _postpone(job, due_at=at + min(pause, period), because=because, attempts=job.attempts)
    elif job.attempts >= most_attempts:
        _bury(job, because=because, at=at)
    else:
        _postpone(job, due_at=at + pause, because=because, attempts=job.attempts)


def _postpone(job: Job, *, due_at: datetime, because: str, attempts: int) -> None:
    with transactions.writing():
        Job.objects.filter(id=job.id, lease=job.lease).update(
            due_at=due_at, last_error=because[:300], attempts=attempts, lease=None, leased_until=None
        )


def _bury(job: Job, *, because: str, at: datetime) -> None:
    """A dead letter waits for the operator, and holds up nobody."""
    log.error("Job given up", topic=job.topic, handler=job.handler, job_id=job.id, error=because)
    with transactions.writing():
        Job.objects.filter(id=job.id, lease=job.lease).update(
            dead_at=at, last_error=because[:300], lease=None, leased_until=None
        )


def _describe(error: Exception) -> str:
    """Kind and place of an error.

    SECURITY: never its text, which may quote a row or a mail. See test_a_dead_letter_keeps_no_text_of_the_error.
    """
    if isinstance(error, Refusal):
        return error.code
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _chore_id(chore: Handler) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"letterlock:chore:{chore.name}")
