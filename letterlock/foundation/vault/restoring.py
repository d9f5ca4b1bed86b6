"""Putting stores back from their copies, so that nothing destroyed comes back with them. See docs/formats/backup.md."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connections
from django.utils.translation import gettext_lazy as _

from letterlock.foundation.kernel import logs
from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.vault import backups, copying, journal, platform_keys, replaying
from letterlock.foundation.vault.backups import Backup
from letterlock.foundation.vault.copying import CopyFailed
from letterlock.foundation.vault.roots import sync_folder
from letterlock.foundation.vault.settings import vault_settings

log = logs.get("vault")


class JournalLost(Refusal):
    """Missing, older than the newest copy, or of another installation."""

    kind = Kind.CONFLICT
    code = "vault.journal_lost"
    sentence = _(
        "The destruction journal {path} is missing or is not the one of this installation. Without it, what was "
        "recalled since the copy was made would come back. Nothing was changed. Put the journal back and run this "
        "again; only if it is lost for good, add --accept-lost-recalls: that goes into every platform's ledger."
    )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which copies go back, from where, and whether it is accepted that recalls may be lost."""

    folder: Path
    backups: tuple[Backup, ...]
    gives_up_recalls: bool

    @property
    def stores(self) -> tuple[str, ...]:
        return tuple(backup.store for backup in self.backups)

    @property
    def digests(self) -> dict[str, bytes]:
        return {backup.store: bytes.fromhex(backup.sha256) for backup in self.backups}


def plan(folder: Path, *, stores: Sequence[str], name: str = "", accepts_lost_recalls: bool = False) -> Plan:
    """Choose the newest copies, or those of this name, and judge them; changes nothing.

    Refuses BackupMisplaced, NoBackup, BackupUnfit, JournalLost.
    """
    backups.demand_apart(folder)
    chosen = tuple(backups.choose(folder, store=store, name=name) for store in stores)
    for backup in chosen:
        backups.demand_fit(backup)
    newest = backups.newest_of_all(folder)
    is_lost = newest is None or not backups.is_journal_of(newest)
    if is_lost and not accepts_lost_recalls:
        raise JournalLost(path=vault_settings().journal)
    return Plan(folder=folder, backups=chosen, gives_up_recalls=is_lost)


def replace(plan: Plan, *, at: datetime) -> None:
    """Put the copies in the stores' places. What is there now is copied to the folder first, if it can be read.

    Refuses StillInUse, CopyFailed, PuttingBackFailed. From here until `finish` the service does not start.
    """
    was_interrupted = unfinished_path().exists()
    mark_unfinished(plan)
    try:
        for store in backups.stores:
            copying.demand_alone(store)
        journal.begin(vault_settings().journal)
        replaying.complete_journal()
        for store in plan.stores:
            _save_what_is_there(store, plan, at=at)
    except Refusal:
        if not was_interrupted:
            unmark()
        raise
    for backup in plan.backups:
        copying.put_back(backup.store, copy=backup.copy)
        log.info("Store restored", kind=backup.store)
    platform_keys.forget_keys()


def replay() -> int:
    """After the tables were brought up to date: destroy again what was destroyed; answers how many shares that were."""
    replaying.complete_journal()
    return replaying.replay()


def unfinished_path() -> Path:
    """The file that stands while a restore is under way, or was interrupted."""
    return vault_settings().journal.with_name("restore-unfinished")


def mark_unfinished(plan: Plan) -> None:
    """Leave the file, seen onto the disk."""
    path = unfinished_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(json.dumps([str(backup.folder) for backup in plan.backups]) + "\n", encoding="utf-8")
    copying.sync_file(path)
    sync_folder(path.parent)


def finish(plan: Plan, *, at: datetime) -> None:
    """The service may start again. Where a journal was given up, fresh copies end the demand for the old one."""
    if plan.gives_up_recalls:
        for store in backups.stores:
            backups.make(store, within=plan.folder, at=at, accepts_journal=True)
    unmark()


def unmark() -> None:
    """Remove the file."""
    unfinished_path().unlink(missing_ok=True)
    sync_folder(unfinished_path().parent)


def _save_what_is_there(store: str, plan: Plan, *, at: datetime) -> None:
    connection = connections["default" if store == "database" else store]
    try:
        has_rows = "django_migrations" in connection.introspection.table_names()
    except DatabaseError:
        has_rows = False
    if not has_rows:
        return
    try:
        backups.make(store, within=plan.folder, at=at, made_by="restore", accepts_journal=plan.gives_up_recalls)
    except CopyFailed:
        # Damaged, which is why somebody restores: there is nothing to keep.
        log.warning("What was there before the restore could not be copied", kind=store)
