"""A folder of copies of both stores, and the short life of those of the keystore. See docs/formats/backup.md."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext_lazy as _

from letterlock.foundation.kernel.refusals import Kind, NotFound, Refusal
from letterlock.foundation.vault import copying, journal
from letterlock.foundation.vault.keystore.models import SealedKey
from letterlock.foundation.vault.roots import sync_folder
from letterlock.foundation.vault.settings import vault_settings

stores = ("database", "keystore")
format_name, format_version = "letterlock-backup", 1
name_shape = "%Y-%m-%dT%H%M%S.%fZ"
snapshots_end_early = timedelta(minutes=10)  # two pauses of the chore, so that none grows older than is promised


class BackupMisplaced(Refusal):
    kind = Kind.INVALID
    code = "vault.backup_misplaced"
    sentence = _(
        "{folder} is no place for backups: {other} lies there, or around it. Whoever gets a backup must not get that "
        "too. Nothing was written."
    )


class NoBackup(NotFound):
    code = "vault.no_backup"
    sentence = _("{folder} has no copy of the {store} that fits. Nothing was changed.")


class BackupUnfit(Refusal):
    kind = Kind.INVALID
    code = "vault.backup_unfit"
    sentence = _("The copy {folder} cannot be used: {why} Nothing was changed.")


@dataclass(frozen=True, kw_only=True)
class Backup:
    """One whole copy of one store, as its manifest describes it."""

    folder: Path
    store: str
    vendor: str
    made_at: datetime
    made_by: str
    file: str
    size_bytes: int
    sha256: str
    journal_bytes: int
    journal_sha256: str
    migrations: tuple[str, ...]

    @property
    def copy(self) -> Path:
        return self.folder / self.file


def make(store: str, *, within: Path, at: datetime, made_by: str = "backup", accepts_journal: bool = False) -> Backup:
    """Copy the store into a new folder of `within`. Refuses BackupMisplaced, CopyFailed.

    When the journal is not the one that earlier copies saw, this one demands theirs all the same, so that its loss is
    noticed by the next restore; unless `accepts_journal` says that somebody knows.
    """
    demand_apart(within)
    journal_bytes, journal_sha256 = _journal_to_demand(within, accepts=accepts_journal)
    whole = within / store / at.astimezone(UTC).strftime(name_shape)
    partial = whole.with_name(f".{whole.name}.partial")
    for folder in (within, partial.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial.mkdir(mode=0o700)
    file = store + copying.endings[copying.vendor_of(store)]
    try:
        copying.copy_out(store, to=partial / file)
    except Refusal:
        shutil.rmtree(partial)
        raise
    backup = Backup(
        folder=whole,
        store=store,
        vendor=copying.vendor_of(store),
        made_at=at,
        made_by=made_by,
        file=file,
        size_bytes=(partial / file).stat().st_size,
        sha256=_digest_of(partial / file),
        journal_bytes=journal_bytes,
        journal_sha256=journal_sha256,
        migrations=_applied_migrations(store),
    )
    _write_manifest(backup, partial)
    partial.rename(whole)
    sync_folder(whole.parent)
    return backup


def demand_apart(folder: Path) -> None:
    """Refuse BackupMisplaced when the folder holds a key, the journal or a store, or lies in the folder of one.

    Beside the database is allowed: a copy of it tells whoever sees the database nothing new.
    """
    place = folder.resolve()
    for name, file in _never_together().items():
        is_beside = place.is_relative_to(file.resolve().parent) and name != "the database"
        if file.resolve().is_relative_to(place) or is_beside:
            raise BackupMisplaced(folder=folder, other=name)


def found_in(folder: Path, *, store: str) -> list[Backup]:
    """Every whole copy of the store, the oldest first. Refuses BackupUnfit when a manifest cannot be read."""
    return [_read_manifest(one) for one in sorted(_copies(folder / store))]


def choose(folder: Path, *, store: str, name: str = "") -> Backup:
    """The newest copy that a backup made, or the one of this name. Refuses NoBackup, BackupUnfit."""
    found = found_in(folder, store=store)
    fitting = [one for one in found if (one.folder.name == name if name else one.made_by == "backup")]
    if not fitting:
        raise NoBackup(folder=folder, store=store)
    return fitting[-1]


def demand_fit(backup: Backup) -> None:
    """Refuse BackupUnfit when the copy is damaged, of another kind of database, or of a later program."""
    if backup.vendor != copying.vendor_of(backup.store):
        raise BackupUnfit(folder=backup.folder, why=f"it is of {backup.vendor}, and the {backup.store} is not.")
    if not backup.copy.is_file() or _digest_of(backup.copy) != backup.sha256:
        raise BackupUnfit(folder=backup.folder, why="its file is not the one that was written.")
    if unknown := set(backup.migrations) - _known_migrations():
        raise BackupUnfit(folder=backup.folder, why=f"a later program made it ({min(unknown)}). Install that one.")


def prune_snapshots(folder: Path, *, at: datetime) -> int:
    """Remove the copies of the keystore that are about to be too old; answers how many.

    None while the keystore does not answer or holds no key: then one of them may be the last copy there is.
    """
    if not _keystore_is_there():
        return 0
    oldest = at - vault_settings().snapshots_kept + snapshots_end_early
    due = [one for one in (folder / "keystore").glob("*") if (begun := _begun_at(one)) and begun <= oldest]
    for one in due:
        shutil.rmtree(one)
    if due:
        sync_folder(folder / "keystore")
    return len(due)


def begun_at(folder: Path, *, store: str) -> list[datetime]:
    """When each whole copy of the store was begun, the oldest first, from the names alone."""
    return sorted(begun for one in _copies(folder / store) if (begun := _begun_at(one)))


def newest_of_all(folder: Path) -> Backup | None:
    """The newest copy of either store, whoever made it: it knows the longest journal."""
    return max((one for store in stores for one in found_in(folder, store=store)), key=_made_at, default=None)


def is_journal_of(backup: Backup) -> bool:
    """Whether the journal here is the one that this copy saw, grown or not."""
    demanded = (backup.journal_bytes, backup.journal_sha256)
    path = vault_settings().journal
    return path.exists() and journal.measure(path, first_bytes=backup.journal_bytes) == demanded


def _made_at(backup: Backup) -> datetime:
    return backup.made_at


def _journal_to_demand(within: Path, *, accepts: bool) -> tuple[int, str]:
    before = newest_of_all(within)
    if before and not accepts and not is_journal_of(before):
        return before.journal_bytes, before.journal_sha256
    journal.begin(vault_settings().journal)
    return journal.measure(vault_settings().journal)


def _never_together() -> dict[str, Path]:
    files = {"the root key": vault_settings().root_key, "the destruction journal": vault_settings().journal}
    return files | {f"the {store}": copying.path_of(store) for store in stores if copying.vendor_of(store) == "sqlite"}


def _digest_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _applied_migrations(store: str) -> tuple[str, ...]:
    connection = connections["default" if store == "database" else store]
    return tuple(sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()))


def _known_migrations() -> set[str]:
    return {".".join(key) for key in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}


def _write_manifest(backup: Backup, folder: Path) -> None:
    members: dict[str, Any] = {"format": format_name, "version": format_version, **vars(backup)}
    del members["folder"]
    members["made_at"] = backup.made_at.astimezone(UTC).isoformat(timespec="microseconds")
    manifest = folder / "manifest.json"
    manifest.touch(mode=0o600)
    manifest.write_text(json.dumps(members, indent=2) + "\n", encoding="utf-8")
    copying.sync_file(manifest)
    sync_folder(folder)


def _read_manifest(folder: Path) -> Backup:
    try:
        members = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if (members.pop("format"), members.pop("version")) != (format_name, format_version):
            raise BackupUnfit(folder=folder, why="it has a format that this program does not know.")
        members["made_at"] = datetime.fromisoformat(members["made_at"])
        members["migrations"] = tuple(members["migrations"])
        return Backup(folder=folder, **members)
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupUnfit(folder=folder, why="it has no manifest that can be read.") from None


def _copies(folder: Path) -> Iterator[Path]:
    return (one for one in folder.glob("*") if one.is_dir() and not one.name.startswith("."))


def _begun_at(folder: Path) -> datetime | None:
    name = folder.name.removeprefix(".").removesuffix(".partial")
    try:
        return datetime.strptime(name, name_shape).replace(tzinfo=UTC)
    except ValueError:
        return None


def _keystore_is_there() -> bool:
    try:
        return SealedKey.objects.exists()
    except DatabaseError:
        return False
