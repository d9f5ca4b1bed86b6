"""Chores of the keystore: old tombstones, and shares that no wrap names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections

from letterlock.foundation.kernel import transactions
from letterlock.foundation.vault import destroying
from letterlock.foundation.vault.keystore.models import Reason, SealedKey, Share, Tombstone
from letterlock.foundation.vault.models import Wrap

tombstone_lifetime = timedelta(days=400)
finishing_window = timedelta(hours=2)  # of a chore that runs every hour, so that one missed run is made up for
nameless_age = timedelta(days=7)
nameless_fraction = 100
page_rows = 500


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What one run found. `is_stopped` means that somebody must look before anything is swept."""

    nameless: int
    swept: int
    is_stopped: bool


def forget_old_tombstones(*, at: datetime) -> int:
    """Remove tombstones older than 400 days and the blank shares they stand for; answers how many."""
    old = Tombstone.objects.filter(destroyed_at__lt=at - tombstone_lifetime)
    with transactions.writing(using="keystore"):
        Share.objects.filter(is_blank=True, id__in=old.values("share_id")).delete()
        removed, _by_model = old.delete()
    if removed:
        # Only here are rows deleted, and with them copies of neighbours left in unused page space.
        destroying.rebuild_keystore()
    return removed


def finish_destruction(*, at: datetime) -> bool:
    """On PostgreSQL, write the table of shares anew when any were destroyed lately; answers whether it did.

    VACUUM gives the space of old rows back, but now and then leaves their bytes in it. SQLite needs no such chore.
    """
    is_due = Tombstone.objects.filter(destroyed_at__gt=at - finishing_window).exists()
    if is_due and connections["keystore"].vendor == "postgresql":
        destroying.rebuild_keystore()
        return True
    return False


def platforms_with_keys() -> list[UUID]:
    """The platforms that the keystore knows, for a chore that goes through them."""
    return list(SealedKey.objects.order_by("platform_id").values_list("platform_id", flat=True).distinct())


def sweep_nameless_shares(
    platform_id: UUID, *, at: datetime, restored_at: datetime | None = None, was_looked_at: bool = False
) -> Sweep:
    """Destroy the platform's shares that no wrap has named for 7 days: what crashed sends left behind.

    A database that lost wraps makes every share look nameless. So nothing is swept within 7 days of a restore, and
    nothing at all when more than one in a hundred is nameless: then the run is stopped, for a person to look. Whoever
    has looked says so.
    """
    nameless = list(_nameless_shares(platform_id, before=at - nameless_age))
    is_too_soon = restored_at is not None and restored_at > at - nameless_age
    is_too_many = len(nameless) > nameless_limit(platform_id) and not was_looked_at
    if is_too_soon or is_too_many:
        return Sweep(nameless=len(nameless), swept=0, is_stopped=True)
    swept = destroying.destroy_rows(nameless, reason=Reason.NAMELESS, entry_id=None, at=at)
    return Sweep(nameless=len(nameless), swept=swept, is_stopped=False)


def nameless_limit(platform_id: UUID) -> int:
    """How many nameless shares of the platform a run takes without a person."""
    return max(1, Share.objects.alive().filter(platform_id=platform_id).count() // nameless_fraction)


def count_nameless(platform_id: UUID, *, at: datetime) -> int:
    """How many of the platform's shares no wrap has named for 7 days; for a check that changes nothing."""
    return sum(1 for _share in _nameless_shares(platform_id, before=at - nameless_age))


def _nameless_shares(platform_id: UUID, *, before: datetime) -> Iterator[Share]:
    old = Share.objects.alive().filter(platform_id=platform_id, created_at__lt=before).order_by("id")
    page = list(old[:page_rows])
    while page:
        named = set(Wrap.objects.filter(share_id__in=[share.id for share in page]).values_list("share_id", flat=True))
        yield from (share for share in page if share.id not in named)
        page = list(old.filter(id__gt=page[-1].id)[:page_rows])
