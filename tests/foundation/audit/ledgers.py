"""A small ledger for the tests of the tree: facts of one platform, placed, and the names to check it by."""

import enum
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from letterlock.foundation.audit import checkpointing, events, integrating, recording, verifying
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.audit.verifying import Verdict
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.vault import platform_keys, signing

noon = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
origin = "acme.example/ledger"


@events.register
class StampEvent(enum.StrEnum):
    STAMPED = "tests.letter.stamped"


def new_platform() -> UUID:
    """A platform with its keys, and nothing in its ledger."""
    platform_id = new_id()
    platform_keys.create_platform_key(platform_id, at=noon)
    signing.ensure_signing_key(platform_id, at=noon)
    return platform_id


def record(platform_id: UUID, count: int = 1) -> list[Entry]:
    """Facts that wait for their places."""
    with transactions.writing():
        return [
            recording.record(StampEvent.STAMPED, platform_id=platform_id, at=noon, actor="alice", client="Firefox")
            for _ in range(count)
        ]


def place(platform_id: UUID, count: int = 1) -> list[Entry]:
    """Facts in their places, with a checkpoint of them."""
    entries = record(platform_id, count)
    integrating.integrate(platform_id)
    checkpointing.keep_newest(platform_id, origin=origin, at=noon)
    return entries


def verify(platform_id: UUID, *, checkpoints: Mapping[str, str] | None = None) -> Verdict:
    """What a check finds, with the kept checkpoints unless told."""
    if checkpoints is None:
        checkpoints = {file.name: note for file, note in checkpointing.kept(platform_id).items()}
    keys = [checkpointing.key_of(platform_id, origin=origin)]
    return verifying.verify(platform_id, checkpoints=checkpoints, keys=keys)
