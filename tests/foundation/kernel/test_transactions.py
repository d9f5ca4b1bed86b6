"""One transaction a verb, and writers that stand in line."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, connections

from letterlock.config.databases import spell_address
from letterlock.foundation.audit.models import Opening
from letterlock.foundation.kernel import transactions
from letterlock.foundation.outbox.models import Job
from tests.patience import hang_seconds

pytestmark = pytest.mark.usefixtures("stores")

noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
threads, each = 8, 25


def write(topic: str) -> None:
    Job.objects.create(topic=topic, handler="tests.nobody", due_at=noon, created_at=noon)


def test_a_verb_inside_a_verb_is_a_defect() -> None:
    @transactions.opened
    def verb() -> None:
        write("verb")

    with pytest.raises(transactions.WrongTransaction), transactions.writing():
        verb()
    assert not Job.objects.exists()


def test_a_step_outside_of_a_verb_is_a_defect() -> None:
    @transactions.required
    def step() -> None:
        write("step")

    with pytest.raises(transactions.WrongTransaction):
        step()
    with transactions.writing():
        step()
    assert Job.objects.count() == 1


def test_the_keystore_has_a_transaction_of_its_own() -> None:
    with transactions.writing(using="keystore"), transactions.writing():
        assert transactions.is_open()
        assert transactions.is_open(using="keystore")
    assert not transactions.is_open()


def test_what_fails_leaves_nothing() -> None:
    @transactions.opened
    def fail() -> None:
        write("fail")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not Job.objects.exists()
    with transactions.writing():
        write("the next verb works")


def test_foreign_keys_are_kept() -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), transactions.writing():
        Opening.objects.create(entry_id=Job().id, kind="actor", salt=b"", value="")


def test_writers_of_two_processes_queue_and_every_commit_is_there(tmp_path: Path) -> None:
    failures: list[BaseException] = []
    with other_process(tmp_path) as other:
        crowd = [threading.Thread(target=write_many, args=(failures,)) for _ in range(threads)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join(timeout=hang_seconds)
        assert other.communicate(timeout=hang_seconds) == ("", "")
    assert failures == []
    assert Job.objects.filter(topic="thread").count() == threads * each
    assert Job.objects.filter(topic="process").count() == threads * each


def write_many(failures: list[BaseException]) -> None:
    try:
        for _ in range(each):
            # Patient: how long writers may wait is a rule of the service, and not what is tested here.
            with transactions.writing(patience=timedelta(seconds=hang_seconds)):
                # Reads, then writes: without the queue this is what ends in "database is locked".
                Job.objects.count()
                write("thread")
    except BaseException as failure:
        failures.append(failure)
    finally:
        connections.close_all()


def other_process(folder: Path) -> subprocess.Popen[str]:
    address = spell_address(connection.settings_dict)
    return subprocess.Popen(  # noqa: S603 -- our own program
        [sys.executable, "-m", "tests.foundation.kernel.a_writer", str(threads * each)],
        env=os.environ | {"LETTERLOCK_VAR": str(folder), "LETTERLOCK_DATABASE": address},
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's writers do not queue.")
def test_a_writer_that_waits_too_long_is_told_that_we_are_busy() -> None:
    refusals: list[str] = []

    def be_impatient() -> None:
        try:
            with transactions.writing(patience=timedelta(milliseconds=20)):
                write("too late")
        except transactions.Busy as busy:
            refusals.append(busy.explain())
        finally:
            connections.close_all()

    with transactions.writing():
        write("in time")
        thread = threading.Thread(target=be_impatient)
        thread.start()
        thread.join(timeout=hang_seconds)
    assert len(refusals) == 1
    assert "Nothing was lost" in refusals[0]
    assert Job.objects.count() == 1


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's writers do not queue.")
def test_the_queue_reaches_across_processes(tmp_path: Path) -> None:
    with other_process(tmp_path) as other, Path(f"{connection.settings_dict['NAME']}.lock").open("a") as lock:
        other.communicate(timeout=hang_seconds)
        transactions._flock(lock.fileno(), deadline=0)
        with pytest.raises(transactions.Busy), transactions.writing(patience=timedelta(milliseconds=20)):
            write("too late")
    with transactions.writing():
        write("the lock went with its holder")
