"""What `letterlock check` finds when it looks into the stores: a sentence for each thing to put right."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from letterlock.config import safekeeping
from letterlock.domain.platforms.models import HostName, Platform
from letterlock.foundation.outbox.models import Job
from letterlock.foundation.vault import platform_keys, roots
from letterlock.foundation.vault.platform_keys import NoPlatformKey, Purpose
from letterlock.foundation.vault.sealing import Tampered


def problems(*, at: datetime) -> list[str]:
    """Everything wrong that can be seen from inside; later questions need the answers of earlier ones."""
    for ask in (_ask_stores, _ask_root_key):
        if found := list(ask()):
            return found
    later: list[Callable[[], Iterator[str]]] = [_ask_platforms, _ask_hosts, _ask_jobs, _ask_assets]
    return [*(sentence for ask in later for sentence in ask()), *safekeeping.problems(at=at)]


def real_hosts() -> list[str]:
    """Names that machines other than this one may reach."""
    names = HostName.objects.order_by("name").values_list("name", flat=True)
    return [name for name in names if not name.endswith(".localhost")]


def _ask_stores() -> Iterator[str]:
    for alias, name in (("default", "database"), ("keystore", "keystore")):
        try:
            executor = MigrationExecutor(connections[alias])
        except DatabaseError:
            yield f"The {name} does not answer. Is it running, and does its address say where it is?"
            continue
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            yield f"The {name} is older than the program. Run: letterlock prepare"


def _ask_root_key() -> Iterator[str]:
    try:
        roots.read_root_key(Path(settings.LETTERLOCK_ROOT_KEY))
    except roots.RootKeyRefused as refused:
        yield str(refused)


def _ask_platforms() -> Iterator[str]:
    for platform in Platform.objects.order_by("name"):
        try:
            platform_keys.purpose_key(platform.id, Purpose.ENVELOPE)
        except (NoPlatformKey, Tampered):
            yield (
                f"The keystore's key of {platform.name} is missing or does not open under this root key: nothing of "
                "that platform can be read. Restore the keystore and the root key that belong to this database."
            )


def _ask_hosts() -> Iterator[str]:
    if not Platform.objects.exists():
        yield "There is no platform yet. Run: letterlock platforms create --help"
    if settings.LETTERLOCK_PUBLIC_SCHEME == "http":
        for host in real_hosts():
            yield f"{host} is a real host name, and this setup is the demo's. Use production settings for it."


def _ask_jobs() -> Iterator[str]:
    dead = Job.objects.exclude(dead_at=None).count()
    if dead:
        yield f"{dead} jobs were given up after 20 tries. See docs/operators.md."


def _ask_assets() -> Iterator[str]:
    if not (Path(settings.STATIC_ROOT) / "built").is_dir():
        yield "The static files were not collected. Run: letterlock prepare"
