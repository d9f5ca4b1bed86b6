"""A worker process that is killed in mid-job leaves the job to another one; SIGTERM lets it finish."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from letterlock.config.databases import spell_address
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.outbox import handling, posting, working
from letterlock.foundation.outbox.models import Job
from tests.patience import hang_seconds

pytestmark = pytest.mark.usefixtures("stores")

topic = "tests.killing.begun"


@pytest.fixture(autouse=True)
def _handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handling, "_by_topic", {})
    monkeypatch.setattr(handling, "_by_name", {})


def test_a_job_whose_worker_was_killed_is_done_once_more(tmp_path: Path) -> None:
    done: list[str] = []
    owe_work(done)
    with a_worker(tmp_path) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == "begun\n"
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=hang_seconds)
    now = timezone.now()
    assert working.run_due_jobs(at=now) == 0
    assert working.run_due_jobs(at=now + handling.default_lease) == 1
    assert done == ["x"]
    assert not Job.objects.exists()


def test_a_worker_asked_to_stop_finishes_the_job_in_hand(tmp_path: Path) -> None:
    owe_work([])
    with a_worker(tmp_path) as worker:
        assert worker.stdout
        assert worker.stdin
        assert worker.stdout.readline() == "begun\n"
        worker.send_signal(signal.SIGTERM)
        worker.stdin.write("go on\n")
        worker.stdin.flush()
        assert worker.wait(timeout=hang_seconds) == 0
        assert worker.stdout.read() == "done\nstopped\n"
    assert not Job.objects.exists()


def owe_work(done: list[str]) -> None:
    def wait_for_word(*, letter_id: str, at: datetime) -> None:
        done.append(letter_id)

    wait_for_word.__module__ = "tests.foundation.outbox.a_worker"
    wait_for_word.__qualname__ = "wait_for_word"
    handling.handles(topic)(wait_for_word)
    at = timezone.now() - timedelta(seconds=1)
    with transactions.writing():
        posting.post(topic, platform_id=new_id(), at=at, letter_id="x")


@contextmanager
def a_worker(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own on the very databases of the test."""
    address = spell_address(connections["default"].settings_dict)
    surroundings = os.environ | {"LETTERLOCK_VAR": str(folder), "LETTERLOCK_DATABASE": address}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.foundation.outbox.a_worker"],
        env=surroundings,
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
