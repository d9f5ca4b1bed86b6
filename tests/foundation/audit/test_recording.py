"""The ledger takes facts in, gives them back, and lets nothing be changed."""

import enum
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from letterlock.foundation.audit import encoding, events, lifting, reading, recording
from letterlock.foundation.audit.models import Entry, Opening, Pending
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id

pytestmark = pytest.mark.usefixtures("stores")

noon = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
platform_id = new_id()


@events.register
class LetterEvent(enum.StrEnum):
    POSTED = "tests.letter.posted"
    OPENED = "tests.letter.opened"


class Unregistered(enum.StrEnum):
    LOST = "tests.letter.lost"


def record(event: enum.StrEnum = LetterEvent.POSTED, *, subject_id: UUID | None = None, **details: Any) -> Entry:
    with transactions.writing():
        return recording.record(event, platform_id=platform_id, at=noon, subject_id=subject_id, **details)


def test_an_entry_has_its_twin_in_the_waiting_list_and_its_openings() -> None:
    entry = record(actor="a-person", client="Chromium on Linux")
    assert Pending.objects.get().entry_id == entry.id
    assert set(Opening.objects.values_list("kind", "value")) == {
        ("actor", "a-person"),
        ("client", "Chromium on Linux"),
    }


def test_the_leaf_holds_commitments_and_no_detail() -> None:
    entry = record(address="bob@client.example")
    opening = Opening.objects.get()
    commitment = encoding.commit_to(opening.value, kind=opening.kind, salt=bytes(opening.salt), entry_id=entry.id)
    leaf = bytes(Entry.objects.get().leaf)
    assert commitment in leaf
    assert b"bob@client" not in leaf


def test_equal_details_leave_different_commitments() -> None:
    record(address="bob@client.example")
    record(address="bob@client.example")
    one, other = (bytes(entry.leaf)[-32:] for entry in Entry.objects.all())
    assert one != other


def test_erasing_an_opening_leaves_the_leaf_and_the_fact() -> None:
    subject = new_id()
    before = bytes(record(subject_id=subject, address="bob@client.example").leaf)
    with transactions.writing():
        Opening.objects.all().delete()
    assert bytes(Entry.objects.get().leaf) == before
    assert reading.facts_about(platform_id, subject)[0].address == ""


def test_a_fact_is_recorded_with_its_cause_or_not_at_all() -> None:
    @transactions.opened
    def fail_after_recording() -> None:
        recording.record(LetterEvent.POSTED, platform_id=platform_id, at=noon)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_recording()
    assert not Entry.objects.exists()
    with pytest.raises(transactions.WrongTransaction):
        recording.record(LetterEvent.POSTED, platform_id=platform_id, at=noon)


def test_an_unregistered_event_is_a_defect() -> None:
    with pytest.raises(events.UnknownEvent):
        record(Unregistered.LOST)


def test_a_name_belongs_to_one_room() -> None:
    class Thief(enum.StrEnum):
        POSTED = "tests.letter.posted"

    with pytest.raises(events.UnknownEvent):
        events.register(Thief)


def test_a_name_has_its_shape() -> None:
    class Shapeless(enum.StrEnum):
        POSTED = "letter posted"

    with pytest.raises(events.UnknownEvent):
        events.register(Shapeless)


def test_facts_come_back_in_their_order_and_with_their_details() -> None:
    subject, other = new_id(), new_id()
    record(subject_id=subject, actor="alice")
    record(LetterEvent.OPENED, subject_id=subject, actor="bob", client="Firefox on macOS")
    record(subject_id=other, actor="carol")
    facts = reading.facts_about(platform_id, subject)
    assert [(fact.event, fact.actor, fact.client, fact.at) for fact in facts] == [
        ("tests.letter.posted", "alice", "", noon),
        ("tests.letter.opened", "bob", "Firefox on macOS", noon),
    ]
    assert len(reading.facts_about(platform_id, subject, events=[LetterEvent.OPENED])) == 1


def test_another_platform_has_no_such_facts() -> None:
    subject = new_id()
    record(subject_id=subject)
    assert reading.facts_about(new_id(), subject) == []


def test_reading_many_facts_takes_two_queries() -> None:
    subject = new_id()
    for _ in range(20):
        record(subject_id=subject, actor="alice")
    with CaptureQueriesContext(connection) as queries:
        assert len(reading.facts_about(platform_id, subject)) == 20
    assert len(queries) == 2


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET event = 'tests.letter.lost'", "DELETE FROM audit_entry", "TRUNCATE audit_entry CASCADE"],
)
def test_the_database_refuses_to_change_an_entry(statement: str) -> None:
    if statement.startswith("TRUNCATE") and connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE.")
    record()
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().event == "tests.letter.posted"


def test_lifted_triggers_stand_again_afterwards() -> None:
    record()
    with transactions.writing(), lifting.lifted():
        Pending.objects.all().delete()
        Entry.objects.all().delete()
    record()
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.all().delete()


def test_nobody_lifts_the_triggers() -> None:
    package = Path(lifting.__file__).parents[2]
    naming_it = [path.name for path in package.rglob("*.py") if "lifting" in path.read_text()]
    assert naming_it == []


def test_triggers_stand_again_after_a_failure_too() -> None:
    with pytest.raises(RuntimeError), transactions.writing(), lifting.lifted():
        raise RuntimeError
    record()
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.update(at=noon + timedelta(days=1))
