"""A platform's ledger: who it says it is, its entries put in their places, and all of it checked."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import DatabaseError

from letterlock.domain.platforms import restoring
from letterlock.domain.platforms.models import Platform
from letterlock.foundation.audit import checkpointing, integrating, notes, verifying
from letterlock.foundation.audit.notes import Key, NoteError
from letterlock.foundation.audit.verifying import Verdict, Wrong
from letterlock.foundation.kernel import logs, transactions
from letterlock.foundation.vault import signing
from letterlock.foundation.vault.platform_keys import NoPlatformKey
from letterlock.foundation.vault.sealing import Tampered

log = logs.get("platforms")
#: Two seconds are the rule. What is not placed and vouched for after this span is somebody's trouble.
longest_lag = timedelta(minutes=10)
_long_ago = datetime(1970, 1, 1, tzinfo=UTC)


def origin_of(platform: Platform) -> str:
    """The name of the platform's ledger, as its checkpoints carry it."""
    return _origin(platform.host)


def place_waiting_entries(*, at: datetime) -> None:
    """Put what waits into the trees, and keep a checkpoint of each that grew.

    One platform's trouble is not another's: it is logged, and tried again by the next run.
    """
    _bring_up_to_date(integrating.waiting_platforms(), at=at)


def keep_missing_checkpoints(*, at: datetime) -> None:
    """Write those that a full disk or a crash kept from being written, and those that were lost."""
    sizes = integrating.sizes()
    _bring_up_to_date([one for one, size in sizes.items() if checkpointing.is_behind(one, size=size)], at=at)


def _bring_up_to_date(platform_ids: Iterable[UUID], *, at: datetime) -> None:
    for platform in Platform.objects.filter(id__in=platform_ids).order_by("id"):
        try:
            integrating.integrate(platform.id)
            checkpointing.keep_newest(platform.id, origin=origin_of(platform), at=at)
        except (NoPlatformKey, Tampered, OSError, DatabaseError, transactions.Busy) as failure:
            log.warning("Ledger not brought up to date", platform_id=platform.id, error=type(failure).__name__)


def keys_of(platform: Platform) -> list[Key]:
    """Every key and name that a checkpoint of the platform may be signed with, the newest key under today's name first.

    A platform that changed its host signed earlier checkpoints under its former name.
    """
    former = platform.hosts.exclude(name=platform.host).order_by("name").values_list("name", flat=True)
    names = [platform.host, *former]
    return [Key(_origin(name), public) for public in signing.public_keys_of(platform.id) for name in names]


def verify(
    platform: Platform, *, others: Mapping[str, str], tell: Callable[[int, int], None] = lambda _done, _of: None
) -> Verdict:
    """Recompute the ledger and compare it with the checkpoints that were kept, and with `others` (name: text)."""
    kept = {file.name: note for file, note in checkpointing.kept(platform.id).items()}
    verdict = verifying.verify(platform.id, checkpoints=kept | dict(others), keys=keys_of(platform), tell=tell)
    restored_at = restoring.restored_at(platform.id)
    if verdict.wrongs and restored_at is not None:
        verdict.wrongs.append(
            Wrong(
                f"The ledger says that a store was put back from a copy at {restored_at:%Y-%m-%d %H:%M:%S} UTC: "
                "entries made between that copy and the restore are lost, and no checkpoint of them can be met."
            )
        )
    return verdict


def problems_of(platform: Platform, *, at: datetime) -> Iterator[str]:
    """What a quick look at the end of the ledger finds: no entry is read again. `verify` is the thorough one.

    Checkpoints from before the last restore are passed over: the ledger itself explains those.
    """
    restored_at = restoring.restored_at(platform.id) or _long_ago
    due, file = at - longest_lag, checkpointing.file_of(platform.id)
    if restored_at < due and integrating.is_waiting(platform.id, since=due):
        yield f"Entries of the ledger of {platform.host} have waited for their place for long. Is a worker running?"
    kept = {one: note for one, note in checkpointing.kept(platform.id).items() if _written_at(one) > restored_at}
    for one in sorted(set(kept) - {file}):
        yield f"The checkpoint {one} was set aside: the ledger did not go on from it. Run: letterlock ledger verify"
    if file in kept:
        yield from _problems_of_newest(file, kept[file], platform, due=due)
    elif not file.exists() and integrating.size_of(platform.id):
        yield f"The ledger of {platform.host} has no checkpoint at {file}. Is a worker running, and may it write there?"


def _problems_of_newest(file: Path, note: str, platform: Platform, *, due: datetime) -> Iterator[str]:
    tree = integrating.tree_of(platform.id)
    try:
        checkpoint = notes.read_checkpoint(notes.open_with_any(note, keys=keys_of(platform)))
    except NoteError:
        checkpoint = None
    if checkpoint is None or not checkpointing.goes_on_from(note, tree, platform_id=platform.id):
        yield f"The checkpoint {file} is not of the ledger that is in the database. Run: letterlock ledger verify"
    elif integrating.was_placed(platform.id, index=checkpoint.size, before=due):
        yield f"The checkpoint {file} is behind its ledger. Is a worker running, and may it write there?"


def _written_at(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)


def _origin(host: str) -> str:
    return f"{host}/ledger"
