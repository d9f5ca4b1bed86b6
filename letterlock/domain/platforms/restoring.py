"""What a platform's ledger says of a restore, and when the last one was."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from letterlock.domain.platforms.events import PlatformEvent
from letterlock.domain.platforms.models import Platform
from letterlock.foundation.audit import recording
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.kernel import transactions


@transactions.opened
def note_restored(*, digests: Mapping[str, bytes], gives_up_recalls: bool, at: datetime) -> None:
    """Write down, for every platform, which copies went back, and that recalls may be lost where that was accepted."""
    events = [PlatformEvent.STORES_RESTORED, *([PlatformEvent.RECALLS_GIVEN_UP] if gives_up_recalls else [])]
    for platform in Platform.objects.order_by("id"):
        for event in events:
            recording.record(event, platform_id=platform.id, at=at, subject_id=platform.id, digests=digests)


def restored_at(platform_id: UUID) -> datetime | None:
    """When a store under this platform was last put back from a copy."""
    restores = Entry.objects.filter(platform_id=platform_id, event=PlatformEvent.STORES_RESTORED)
    return restores.order_by("-id").values_list("at", flat=True).first()
