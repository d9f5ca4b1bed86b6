"""The keystore's chores: destruction finished, tombstones forgotten, nameless shares swept."""

from datetime import datetime, timedelta

from letterlock.foundation.kernel import logs
from letterlock.foundation.outbox import handling
from letterlock.foundation.vault import sweeping

log = logs.get("platforms")


@handling.every(timedelta(hours=1), lease=timedelta(minutes=30))
def finish_destruction(*, at: datetime, **_: object) -> None:
    sweeping.finish_destruction(at=at)


@handling.every(timedelta(days=1), lease=timedelta(minutes=30))
def forget_old_tombstones(*, at: datetime, **_: object) -> None:
    sweeping.forget_old_tombstones(at=at)


@handling.every(timedelta(days=1), lease=timedelta(minutes=30))
def sweep_nameless_shares(*, at: datetime, **_: object) -> None:
    for platform_id in sweeping.platforms_with_keys():
        if sweeping.sweep_nameless_shares(platform_id, at=at).is_stopped:
            # More nameless shares than crashes explain: wraps may be lost, and a person must look.
            log.warning("Sweep of nameless shares stopped", platform_id=platform_id)
