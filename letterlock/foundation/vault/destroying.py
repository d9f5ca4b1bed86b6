"""Taking keys back: shares are destroyed for good, and the proof of it is kept."""

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, connections

from letterlock.foundation.kernel import transactions
from letterlock.foundation.vault import journal
from letterlock.foundation.vault.journal import Destruction
from letterlock.foundation.vault.keystore.models import Reason, Share, Tombstone
from letterlock.foundation.vault.models import Holder, HolderKind, Thing
from letterlock.foundation.vault.settings import vault_settings

scrub_patience_seconds = 10.0
scrub_pause_seconds = 0.05


class NotYetGone(Exception):  # noqa: N818 -- a state, not a fault
    """The shares are blanked, but their bytes may still be in the keystore's files: say nothing yet and try again."""


def destroy_shares(
    of: Thing,
    *,
    holders: Iterable[Holder] | None,
    reason: Reason,
    entry_id: UUID | None,
    platform_id: UUID,
    at: datetime,
) -> int:
    """Destroy the shares of these holders, of everybody when `holders` is None; answers how many there were.

    Only after it returned may anyone say that the keys are destroyed. Raises NotYetGone when a reader keeps old
    pages alive; doing it again, after that or after a crash at any point, finishes the work and changes nothing else.
    """
    if transactions.is_open():
        raise transactions.WrongTransaction("Shares are destroyed after the main transaction has committed.")
    shares = list(Share.objects.alive().filter(platform_id=platform_id, object_kind=of.kind, object_id=of.id))
    if holders is not None:
        taken = set(holders)
        shares = [share for share in shares if Holder(share.holder_id, HolderKind(share.holder_kind)) in taken]
    return destroy_rows(shares, reason=reason, entry_id=entry_id, at=at)


def destroy_rows(shares: Sequence[Share], *, reason: Reason, entry_id: UUID | None, at: datetime) -> int:
    """Destroy exactly these shares; what `destroy_shares` and the sweeper have in common."""
    destructions = [_destruction_of(share, reason=reason, entry_id=entry_id, at=at) for share in shares]
    if destructions:
        # The journal comes first: after a crash right here a restore may destroy what was about to be destroyed
        # anyway. The other way round, it could bring back what was.
        journal.append(destructions, to=vault_settings().journal)
        with transactions.writing(using="keystore"):
            _blank(shares)
            Tombstone.objects.bulk_create([_tombstone_of(each) for each in destructions], ignore_conflicts=True)
    # Also when nothing was left to blank: an earlier run may have been stopped between the two.
    scrub_keystore()
    return len(destructions)


def destroy_again(destructions: Sequence[Destruction]) -> int:
    """Destroy what the journal names already, after a restore; answers how many shares there were.

    The bytes are still in the files: `rebuild_keystore` follows once, after the last.
    """
    named = {destruction.share_id: destruction for destruction in destructions}
    shares = list(Share.objects.alive().filter(id__in=named))
    with transactions.writing(using="keystore"):
        _blank(shares)
        Tombstone.objects.bulk_create([_tombstone_of(each) for each in named.values()], ignore_conflicts=True)
    return len(shares)


def scrub_keystore() -> None:
    """See that overwritten bytes leave the keystore's files. Raises NotYetGone."""
    if connections["keystore"].vendor == "sqlite":
        _truncate_write_ahead_log()
    else:
        _vacuum()


def rebuild_keystore() -> None:
    """Write the shares anew, without what rows left in unused pages. Nobody reads them meanwhile. Raises NotYetGone."""
    with connections["keystore"].cursor() as cursor:
        if connections["keystore"].vendor == "sqlite":
            cursor.execute("PRAGMA temp_store = MEMORY")  # the copy it works on is not to be a file elsewhere
            cursor.execute("VACUUM")
        else:
            cursor.execute("VACUUM FULL keystore_share")
    scrub_keystore()


def _blank(shares: Sequence[Share]) -> None:
    # As many zeros as there were bytes: only then does SQLite write over them where they are.
    for length in {len(share.sealed) for share in shares}:
        ids = [share.id for share in shares if len(share.sealed) == length]
        Share.objects.filter(id__in=ids).update(sealed=bytes(length), is_blank=True)


def _truncate_write_ahead_log() -> None:
    # The bytes are zeros in the new pages, but the old pages live on in the -wal file until it is
    # copied back and cut to nothing. A reader that started before keeps it from being cut.
    deadline = time.monotonic() + scrub_patience_seconds
    while not _checkpoint():
        if time.monotonic() > deadline:
            raise NotYetGone
        time.sleep(scrub_pause_seconds)


def _checkpoint() -> bool:
    with connections["keystore"].cursor() as cursor:
        # Waiting inside SQLite would hold its writers' lock; better to fail at once and come back.
        waiting = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except OperationalError:
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(waiting)}")
    return not is_busy


def _vacuum() -> None:
    with connections["keystore"].cursor() as cursor:
        # For a table with several indexes PostgreSQL starts parallel workers and lays out a list of dead rows by the
        # size of the table, before it knows that one page is to be cleaned: 110 ms instead of 2.
        cursor.execute("VACUUM (PARALLEL 0) keystore_share")


def _destruction_of(share: Share, *, reason: Reason, entry_id: UUID | None, at: datetime) -> Destruction:
    return Destruction(
        share_id=share.id,
        platform_id=share.platform_id,
        object_kind=share.object_kind,
        object_id=share.object_id,
        holder_kind=share.holder_kind,
        holder_id=share.holder_id,
        reason=reason,
        entry_id=entry_id,
        destroyed_at=at,
    )


def _tombstone_of(destruction: Destruction) -> Tombstone:
    return Tombstone(
        share_id=destruction.share_id,
        platform_id=destruction.platform_id,
        object_kind=destruction.object_kind,
        object_id=destruction.object_id,
        holder_kind=destruction.holder_kind,
        holder_id=destruction.holder_id,
        reason=destruction.reason,
        entry_id=destruction.entry_id,
        destroyed_at=destruction.destroyed_at,
    )
