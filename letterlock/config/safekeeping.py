"""What `letterlock check` finds about keys, their destruction, and backups: a sentence for each thing to put right."""

import os
import shutil
import subprocess
from collections.abc import Container, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections

from letterlock.domain.mailbox.models import Message, Recall
from letterlock.domain.platforms import ledgers
from letterlock.domain.platforms.models import Platform
from letterlock.foundation.audit.settings import audit_settings
from letterlock.foundation.kernel.refusals import Refusal
from letterlock.foundation.outbox.models import Job
from letterlock.foundation.vault import backups, copying, journal, sweeping
from letterlock.foundation.vault.settings import vault_settings

longest_wait = timedelta(minutes=10)
oldest_database_copy = timedelta(hours=26)  # of a daily timer, and two hours of grace
least_free_bytes = 1 << 30

Wanted = dict[str, tuple[Container[object], str]]

#: The keystore's server: docs/formats/destruction-journal.md. Spans in seconds, sizes in MiB, as pg_settings has them.
settings_of_destruction: Wanted = {
    "archive_mode": ({"off"}, "off"),
    "wal_recycle": ({"off"}, "off"),
    "min_wal_size": (range(33), "32MB"),
    "archive_timeout": (range(1, 901), "15min"),
    "checkpoint_timeout": (range(301), "5min"),
}
settings_of_durability: Wanted = {
    "fsync": ({"on"}, "on"),
    "full_page_writes": ({"on"}, "on"),
    "synchronous_commit": ({"local", "remote_write", "on", "remote_apply"}, "on"),
}
#: Names and addresses stand in statements, and in what PostgreSQL says of one that failed.
settings_of_silence: Wanted = {
    "log_statement": ({"none", "ddl"}, "none"),
    "log_min_duration_statement": ({"-1"}, "-1"),
    "log_min_error_statement": ({"log", "fatal", "panic"}, "panic"),
    "log_error_verbosity": ({"terse"}, "terse"),
}
reasons = {
    **dict.fromkeys(settings_of_destruction, "destroyed means gone"),
    **dict.fromkeys(settings_of_durability, "answered commits survive a power cut"),
    **dict.fromkeys(settings_of_silence, "its log names nobody"),
}


def problems(*, at: datetime) -> Iterator[str]:
    """Everything wrong with what keeps content safe, and with what makes destruction real."""
    yield from _ask_journal()
    yield from _ask_checkpoints(at=at)
    yield from _ask_worker(at=at)
    yield from _ask_destruction(at=at)
    yield from _ask_nameless(at=at)
    yield from _ask_backups(at=at)
    yield from _ask_servers()
    yield from _ask_disks()


def _ask_journal() -> Iterator[str]:
    path = vault_settings().journal
    if not path.is_file():
        yield (
            f"There is no destruction journal at {path}. Run `letterlock prepare` on a new installation; on an old one "
            "put it back: without it a restore could bring back what was recalled."
        )
    elif not os.access(path, os.R_OK | os.W_OK):
        yield f"The destruction journal {path} cannot be written to: no key can be destroyed. Give it to this user."
    else:
        yield from _ask_lines(path)


def _ask_lines(path: Path) -> Iterator[str]:
    try:
        for _destruction in journal.read(path):
            pass
    except journal.UnknownLine as unknown:
        yield str(unknown)


def _ask_checkpoints(*, at: datetime) -> Iterator[str]:
    folder = audit_settings().checkpoints
    if folder.is_dir() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield f"The checkpoints in {folder} cannot be written to: nobody vouches for the ledgers. Give it to this user."
        return
    for platform in Platform.objects.order_by("name"):
        yield from ledgers.problems_of(platform, at=at)


def _ask_worker(*, at: datetime) -> Iterator[str]:
    waiting = Job.objects.filter(dead_at=None, due_at__lt=at - longest_wait)
    if count := waiting.count():
        oldest = waiting.order_by("due_at").values_list("due_at", flat=True)[0]
        yield f"{count} jobs wait since {oldest:%Y-%m-%d %H:%M} UTC or later. Is a worker running?"


def _ask_destruction(*, at: datetime) -> Iterator[str]:
    late = at - longest_wait
    recalled = Recall.objects.filter(message__keys_destroyed_at=None, recalled_at__lt=late).count()
    expired = Message.objects.filter(keys_destroyed_at=None, expires_at__lt=late).count()
    if recalled or expired:
        yield (
            f"The keys of {recalled} recalled and {expired} expired messages are not destroyed yet, though nobody can "
            "open them here. Is a worker running, and can the journal be written to?"
        )


def _ask_nameless(*, at: datetime) -> Iterator[str]:
    for platform in Platform.objects.order_by("name"):
        count = sweeping.count_nameless(platform.id, at=at)
        if count > sweeping.nameless_limit(platform.id):
            yield (
                f"{count} shares of {platform.name} belong to no message that the database knows: more than crashes "
                "explain, so none is swept. See docs/operators.md, “Shares that nobody names”."
            )


def _ask_backups(*, at: datetime) -> Iterator[str]:
    folder = vault_settings().backups
    if folder is None:
        if settings.LETTERLOCK_PUBLIC_SCHEME == "https":
            yield (
                "LETTERLOCK_BACKUPS is not set, so nothing here can tell whether backups are made, or end the old "
                "snapshots of the keystore. Set it to the folder that `letterlock backup` is run with."
            )
        return
    yield from _ask_age(folder, store="database", longest=oldest_database_copy, at=at)
    yield from _ask_age(folder, store="keystore", longest=vault_settings().snapshots_kept / 2, at=at)
    yield from _ask_old_snapshots(folder, at=at)
    yield from _ask_manifests(folder)


def _ask_age(folder: Path, *, store: str, longest: timedelta, at: datetime) -> Iterator[str]:
    made = backups.begun_at(folder, store=store)
    if not made:
        yield f"There is no copy of the {store} in {folder}. Run: letterlock backup {folder}"
    elif made[-1] < at - longest:
        yield f"The newest copy of the {store} in {folder} is of {made[-1]:%Y-%m-%d %H:%M} UTC. Does its timer run?"


def _ask_old_snapshots(folder: Path, *, at: datetime) -> Iterator[str]:
    due = at - vault_settings().snapshots_kept
    old = [made for made in backups.begun_at(folder, store="keystore") if made < due]
    if old:
        yield (
            f"{len(old)} copies of the keystore in {folder} are older than is promised: what was destroyed since may "
            f"be read from them. Is a worker running? Otherwise run: letterlock backup --only keystore {folder}"
        )


def _ask_manifests(folder: Path) -> Iterator[str]:
    try:
        newest = backups.newest_of_all(folder)
        backups.demand_apart(folder)
    except Refusal as refusal:
        yield refusal.explain()
        return
    if newest and not backups.is_journal_of(newest):
        yield (
            "The destruction journal is not the one that the backups saw: it was lost, or replaced by an older one. "
            "Put the right one back; a restore stops without it."
        )


def _ask_servers() -> Iterator[str]:
    for alias, store in (("default", "database"), ("keystore", "keystore")):
        if copying.vendor_of(store) == "postgresql":
            wanted = settings_of_durability | settings_of_silence
            yield from _ask_settings(alias, store, wanted | (settings_of_destruction if store == "keystore" else {}))
            yield from _ask_client(alias)


def _ask_settings(alias: str, store: str, wanted: Wanted) -> Iterator[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(wanted)])
        found = dict(cursor.fetchall())
    for name, (allowed, advice) in wanted.items():
        value = found.get(name, "")
        if value and value not in allowed and not (value.isdigit() and int(value) in allowed):
            yield f"The {store}'s PostgreSQL has {name} = {value}. Set it to {advice}: only then {reasons[name]}."


def _ask_client(alias: str) -> Iterator[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    program = shutil.which("pg_dump")
    client = _major_version(program) if program else 0
    if client < server:
        yield f"Backups need the PostgreSQL client {server} or later (pg_dump). Install postgresql-client-{server}."


def _major_version(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 -- found on the path
    digits = "".join(letter if letter.isdigit() else " " for letter in said).split()
    return int(digits[0]) if digits else 0


def _ask_disks() -> Iterator[str]:
    places = [copying.path_of(store).parent for store in backups.stores if copying.vendor_of(store) == "sqlite"]
    places += [vault_settings().journal.parent, *filter(None, [vault_settings().backups])]
    for place in sorted({place for place in places if place.is_dir()}):
        if shutil.disk_usage(place).free < least_free_bytes:
            yield f"The disk of {place} has less than 1 GiB left. On a full disk nothing is sent and no key destroyed."
