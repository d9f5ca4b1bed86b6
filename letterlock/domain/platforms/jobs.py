"""Chores: entries placed in the ledger; destruction finished, old snapshots and tombstones removed, shares swept."""

from datetime import datetime, timedelta

from letterlock.domain.platforms import ledgers, restoring
from letterlock.foundation.kernel import logs
from letterlock.foundation.outbox import handling
from letterlock.foundation.vault import backups, sweeping
from letterlock.foundation.vault.settings import vault_settings

log = logs.get("platforms")


@handling.every(timedelta(seconds=2), lease=timedelta(minutes=10))
def place_waiting_entries(*, at: datetime, **_: object) -> None:
    ledgers.place_waiting_entries(at=at)


@handling.every(timedelta(minutes=1), lease=timedelta(minutes=10))
def keep_missing_checkpoints(*, at: datetime, **_: object) -> None:
    ledgers.keep_missing_checkpoints(at=at)


@handling.every(timedelta(hours=1), lease=timedelta(minutes=30))
def finish_destruction(*, at: datetime, **_: object) -> None:
    sweeping.finish_destruction(at=at)


@handling.every(timedelta(days=1), lease=timedelta(minutes=30))
def forget_old_tombstones(*, at: datetime, **_: object) -> None:
    sweeping.forget_old_tombstones(at=at)


@handling.every(timedelta(minutes=5))
def prune_key_snapshots(*, at: datetime, **_: object) -> None:
    if folder := vault_settings().backups:
        backups.prune_snapshots(folder, at=at)


@handling.every(timedelta(days=1), lease=timedelta(minutes=30))
def sweep_nameless_shares(*, at: datetime, **_: object) -> None:
    for platform_id in sweeping.platforms_with_keys():
        restored_at = restoring.restored_at(platform_id)
        if sweeping.sweep_nameless_shares(platform_id, at=at, restored_at=restored_at).is_stopped:
            # Restored lately, or more nameless shares than crashes explain: a person must look.
            log.warning("Sweep of nameless shares stopped", platform_id=platform_id)
