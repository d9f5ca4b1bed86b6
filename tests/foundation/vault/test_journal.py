"""The destruction journal: docs/formats/destruction-journal.md."""

import threading
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from letterlock.foundation.vault import journal
from letterlock.foundation.vault.journal import Destruction
from letterlock.foundation.vault.keystore.models import Reason
from tests.foundation.vault.vectors import cases

recall = Destruction(
    share_id=uuid4(),
    platform_id=uuid4(),
    object_kind="message",
    object_id=uuid4(),
    holder_kind="account",
    holder_id=uuid4(),
    reason=Reason.RECALLED,
    entry_id=uuid4(),
    destroyed_at=datetime(2026, 11, 24, 17, 10, 4, 5, tzinfo=UTC),
)


@cases("destruction-journal/lines.json")
def test_a_line_has_exactly_the_bytes_of_its_vector(case: dict[str, Any]) -> None:
    destruction = destruction_of(case)
    assert journal.spell_line(destruction).decode() == case["line"]
    assert journal.read_line(case["line"].encode()) == destruction


@cases("destruction-journal/lines.json")
def test_a_line_can_be_read_without_the_vault(case: dict[str, Any]) -> None:
    line = case["line"].encode()
    fields = line.rstrip(b"\n").split(b"\t")
    assert len(fields) == 9
    assert int(fields[8], 16) == zlib.crc32(line[: line.rindex(b"\t")])
    assert datetime.fromisoformat(fields[1].decode()) == datetime.fromisoformat(case["destroyed_at"])
    assert [fields[2], fields[6]] == [case["share"].encode(), case["reason"].encode()]


def test_what_is_appended_is_read_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    destructions = [replace(recall, share_id=uuid4()) for _ in range(5)]
    journal.append(destructions[:2], to=path)
    journal.append(destructions[2:], to=path)
    assert list(journal.read(path)) == destructions
    assert path.stat().st_mode & 0o777 == 0o600


def test_no_journal_is_an_empty_one(tmp_path: Path) -> None:
    assert list(journal.read(tmp_path / "absent")) == []


def test_a_time_of_another_zone_is_written_in_utc() -> None:
    pacific = timezone(-timedelta(hours=8))
    local = replace(recall, destroyed_at=recall.destroyed_at.astimezone(pacific))
    assert journal.spell_line(local) == journal.spell_line(recall)


def test_a_line_torn_by_a_crash_is_passed_over_and_the_next_is_whole(tmp_path: Path) -> None:
    path, later = tmp_path / "journal", replace(recall, share_id=uuid4())
    line = journal.spell_line(recall)
    for length in range(1, len(line)):
        path.write_bytes(line + line[:length])
        assert list(journal.read(path)) == [recall]
        journal.append([later], to=path)
        assert list(journal.read(path))[-1] == later


def test_a_changed_line_is_passed_over() -> None:
    line = journal.spell_line(recall)
    for place in range(len(line)):
        changed = line[:place] + bytes((line[place] ^ 1,)) + line[place + 1 :]
        assert journal.read_line(changed) is None


def test_a_whole_line_of_a_later_version_stops_the_reader() -> None:
    text = journal.spell_line(recall).rpartition(b"\t")[0].replace(b"1", b"2", 1)
    with pytest.raises(journal.UnknownLine, match="version 2"):
        journal.read_line(text + f"\t{zlib.crc32(text):08x}\n".encode())


def test_writers_at_the_same_time_do_not_mix_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    batches = [[replace(recall, share_id=uuid4()) for _ in range(200)] for _ in range(4)]
    threads = [threading.Thread(target=journal.append, args=(batch,), kwargs={"to": path}) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read = [destruction.share_id for destruction in journal.read(path)]
    assert sorted(read) == sorted(destruction.share_id for batch in batches for destruction in batch)


def destruction_of(case: dict[str, Any]) -> Destruction:
    return Destruction(
        share_id=UUID(case["share"]),
        platform_id=UUID(case["platform"]),
        object_kind=case["object_kind"],
        object_id=UUID(case["object"]),
        holder_kind=case["holder_kind"],
        holder_id=UUID(case["holder"]),
        reason=Reason(case["reason"]),
        entry_id=UUID(case["entry"]) if case["entry"] else None,
        destroyed_at=datetime.fromisoformat(case["destroyed_at"]),
    )
