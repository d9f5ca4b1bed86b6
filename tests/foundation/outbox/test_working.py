"""The queue promises: at least once, in order for each key, and nothing lost when a worker dies."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.outbox import handling, posting, working
from letterlock.foundation.outbox.models import Job

pytestmark = pytest.mark.usefixtures("stores")

noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
topic = "tests.letter.posted"


class Diary:
    """A handler of the test's own; writes down what it was given, and fails when told to."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self.failing: Callable[[str], None] = lambda _id: None

    def write(self, *, letter_id: str, at: datetime, **_ignored: object) -> None:  # noqa: ARG002 -- a handler's shape
        self.failing(letter_id)
        self.entries.append(letter_id)


@pytest.fixture
def diary(monkeypatch: pytest.MonkeyPatch) -> Diary:
    monkeypatch.setattr(handling, "_by_topic", {})
    monkeypatch.setattr(handling, "_by_name", {})
    diary = Diary()

    def write_down(**ids: Any) -> None:
        diary.write(**ids)

    handling.handles(topic)(write_down)
    return diary


def post(letter: str, *, order_key: str = "", due_at: datetime | None = None) -> None:
    with transactions.writing():
        posting.post(topic, platform_id=new_id(), at=noon, order_key=order_key, due_at=due_at, letter_id=letter)


def fail(_letter: str) -> None:
    raise ValueError("the marker TOPSECRET of somebody's letter")


def test_a_job_is_done_once_and_gone(diary: Diary) -> None:
    post("a")
    assert working.run_due_jobs(at=noon) == 1
    assert working.run_due_jobs(at=noon) == 0
    assert diary.entries == ["a"]
    assert not Job.objects.exists()


def test_a_job_of_a_transaction_that_failed_was_never_owed(diary: Diary) -> None:
    @transactions.opened
    def fail_after_posting() -> None:
        posting.post(topic, platform_id=new_id(), at=noon, letter_id="a")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_posting()
    assert working.run_due_jobs(at=noon) == 0


def test_posting_outside_a_transaction_is_a_defect(diary: Diary) -> None:
    with pytest.raises(transactions.WrongTransaction):
        posting.post(topic, platform_id=new_id(), at=noon, letter_id="a")


def test_a_job_carries_ids_and_nothing_longer(diary: Diary) -> None:
    with pytest.raises(TypeError), transactions.writing():
        posting.post(topic, platform_id=new_id(), at=noon, letter_id="a whole letter " * 10)


def test_a_job_waits_until_it_is_due(diary: Diary) -> None:
    post("a", due_at=noon + timedelta(hours=1))
    assert working.run_due_jobs(at=noon + timedelta(minutes=59)) == 0
    assert working.run_due_jobs(at=noon + timedelta(hours=1)) == 1


def test_a_failed_job_comes_back_after_a_pause_that_grows(diary: Diary) -> None:
    diary.failing = fail
    post("a")
    pauses = []
    at = noon
    for _ in range(4):
        working.run_due_jobs(at=at)
        due_at = Job.objects.get().due_at
        pauses.append((due_at - at).total_seconds())
        at = due_at
    assert pauses == [10, 20, 40, 80]


def test_a_job_that_always_fails_becomes_a_dead_letter(diary: Diary) -> None:
    diary.failing = fail
    post("a")
    at = noon
    for _ in range(working.most_attempts):
        assert working.run_due_jobs(at=at) == 1
        at += working.longest_pause
    assert working.run_due_jobs(at=at) == 0
    assert Job.objects.get().dead_at is not None


def test_a_dead_letter_keeps_no_text_of_the_error(diary: Diary) -> None:
    diary.failing = fail
    post("a")
    working.run_due_jobs(at=noon)
    assert Job.objects.get().last_error.startswith("ValueError at test_working.py:")
    assert "TOPSECRET" not in Job.objects.get().last_error


def test_a_refusal_is_known_by_its_code(diary: Diary) -> None:
    class Closed(Refusal):
        kind = Kind.GONE
        code = "tests.closed"

    def refuse(_letter: str) -> None:
        raise Closed

    diary.failing = refuse
    post("a")
    working.run_due_jobs(at=noon)
    assert Job.objects.get().last_error == "tests.closed"


def test_a_handler_may_ask_for_another_time_without_failing(diary: Diary) -> None:
    def later(_letter: str) -> None:
        raise handling.TryLater(after=timedelta(minutes=7), because="the relay asked for it")

    diary.failing = later
    post("a")
    working.run_due_jobs(at=noon)
    job = Job.objects.get()
    assert (job.due_at, job.attempts, job.last_error) == (noon + timedelta(minutes=7), 0, "the relay asked for it")


def test_jobs_with_one_order_key_run_in_the_order_of_their_posting(diary: Diary) -> None:
    post("first", order_key="k", due_at=noon + timedelta(minutes=5))
    post("second", order_key="k")
    post("other", order_key="another")
    working.run_due_jobs(at=noon)
    assert diary.entries == ["other"]
    working.run_due_jobs(at=noon + timedelta(minutes=5))
    assert diary.entries == ["other", "first", "second"]


def test_a_dead_letter_does_not_hold_up_those_behind_it(diary: Diary) -> None:
    post("first", order_key="k")
    post("second", order_key="k")
    with transactions.writing():
        Job.objects.filter(ids__letter_id="first").update(dead_at=noon)
    working.run_due_jobs(at=noon)
    assert diary.entries == ["second"]


def test_rooms_do_not_wait_for_one_another(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    def destroy(*, letter_id: str, **_ignored: object) -> None:
        diary.entries.append(f"destroyed {letter_id}")

    destroy.__module__ = "letterlock.domain.elsewhere.jobs"
    handling.handles(topic)(destroy)
    diary.failing = fail
    post("a", order_key="k")
    working.run_due_jobs(at=noon)
    assert diary.entries == ["destroyed a"]


def test_a_job_in_hand_is_left_alone_until_its_lease_runs_out(diary: Diary) -> None:
    post("a")
    job = Job.objects.get()
    assert working._claim(job, at=noon)
    just_before = noon + handling.default_lease - timedelta(seconds=1)
    assert working.run_due_jobs(at=just_before) == 0
    assert working.run_due_jobs(at=noon + handling.default_lease) == 1
    assert diary.entries == ["a"]


def test_of_two_workers_that_saw_one_job_one_gets_it(diary: Diary) -> None:
    post("a")
    seen_by_one, seen_by_other = Job.objects.get(), Job.objects.get()
    assert working._claim(seen_by_one, at=noon)
    assert not working._claim(seen_by_other, at=noon)


def test_a_worker_that_lost_its_lease_takes_nothing_from_the_next(diary: Diary) -> None:
    post("a")
    slow = Job.objects.get()
    working._claim(slow, at=noon)
    later = noon + handling.default_lease
    working._claim(Job.objects.get(), at=later)
    working._finish(slow, handler=None, at=later)
    assert Job.objects.count() == 1


def test_a_job_nobody_knows_any_more_waits_for_a_program_that_does(diary: Diary) -> None:
    post("a")
    handling._by_name.clear()
    assert working.run_due_jobs(at=noon) == 1
    assert Job.objects.get().last_error.startswith("LookupError")


def test_a_declared_topic_without_a_handler_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handling, "_declared", {"tests.must.happen"})
    with pytest.raises(handling.NobodyHandles), transactions.writing():
        posting.post("tests.must.happen", platform_id=new_id(), at=noon)
    with transactions.writing():
        posting.post("tests.may.happen", platform_id=new_id(), at=noon)


def test_a_worker_waits_for_a_database_that_is_away(diary: Diary) -> None:
    post("a")
    moments: list[datetime] = []

    def clock() -> datetime:
        moments.append(noon)
        if len(moments) == 1:
            raise OperationalError("the server closed the connection")
        if diary.entries:
            worker.stop()
        return noon

    worker = working.Worker(clock=clock, idle=timedelta(milliseconds=1))
    worker.run()
    assert diary.entries == ["a"]


def test_a_chore_has_one_row_and_comes_back_each_period(diary: Diary) -> None:
    def sweep(*, at: datetime) -> None:
        diary.entries.append(at.isoformat())

    handling.every(timedelta(minutes=10))(sweep)
    working.plan_chores(at=noon)
    working.plan_chores(at=noon)
    for minutes in range(0, 30, 5):
        working.run_due_jobs(at=noon + timedelta(minutes=minutes))
    assert len(diary.entries) == 3
    assert Job.objects.count() == 1


def test_a_chore_that_fails_is_tried_again_and_never_buried(diary: Diary) -> None:
    def sweep(*, at: datetime) -> None:
        raise ValueError(at)

    handling.every(timedelta(minutes=10))(sweep)
    working.plan_chores(at=noon)
    at = noon
    for _ in range(working.most_attempts + 5):
        assert working.run_due_jobs(at=at) == 1
        at += timedelta(minutes=10)
    assert Job.objects.get().dead_at is None


def test_a_chore_that_was_dropped_from_the_program_is_forgotten(diary: Diary) -> None:
    handling.every(timedelta(minutes=10))(lambda *, at: None)  # noqa: ARG005 -- a chore's shape
    working.plan_chores(at=noon)
    handling._by_name.clear()
    working.plan_chores(at=noon)
    assert not Job.objects.exists()
