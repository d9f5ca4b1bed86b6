"""A platform's ledger: who it says it is, its entries put in their places, and all of it checked."""

from collections.abc import Mapping
from datetime import datetime

from django.db import DatabaseError

from letterlock.domain.platforms import restoring
from letterlock.domain.platforms.models import Platform
from letterlock.foundation.audit import checkpointing, integrating, verifying
from letterlock.foundation.audit.notes import Key
from letterlock.foundation.audit.verifying import Verdict, Wrong
from letterlock.foundation.kernel import logs, transactions
from letterlock.foundation.vault import signing
from letterlock.foundation.vault.platform_keys import NoPlatformKey
from letterlock.foundation.vault.sealing import Tampered

log = logs.get("platforms")


def origin_of(platform: Platform) -> str:
    """The name of the platform's ledger, as its checkpoints carry it."""
    return _origin(platform.host)


def place_waiting_entries(*, at: datetime) -> None:
    """Put what waits into the trees, and keep a checkpoint of each that grew.

    One platform's trouble is not another's: it is logged, and tried again by the next run.
    """
    for platform in Platform.objects.filter(id__in=integrating.waiting_platforms()).order_by("id"):
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


def verify(platform: Platform, *, others: Mapping[str, str]) -> Verdict:
    """Recompute the ledger and compare it with the checkpoints that were kept, and with `others` (name: text)."""
    kept = {file.name: note for file, note in checkpointing.kept(platform.id).items()}
    verdict = verifying.verify(platform.id, checkpoints=kept | dict(others), keys=keys_of(platform))
    restored_at = restoring.restored_at(platform.id)
    if verdict.wrongs and restored_at is not None:
        verdict.wrongs.append(
            Wrong(
                f"The ledger says that a store was put back from a copy at {restored_at:%Y-%m-%d %H:%M:%S} UTC: "
                "entries made between that copy and the restore are lost, and no checkpoint of them can be met."
            )
        )
    return verdict


def _origin(host: str) -> str:
    return f"{host}/ledger"
