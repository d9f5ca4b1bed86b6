"""What several tests of the mailbox need."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from letterlock.foundation.vault.settings import vault_settings


@pytest.fixture
def unwritable_journal(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Destruction cannot be journalled, so that no share is destroyed: as when a disk is full. Call it to mend that."""
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    vault_settings.cache_clear()
    before = settings.LETTERLOCK_JOURNAL
    settings.LETTERLOCK_JOURNAL = blocked / "journal"
    yield lambda: _restore(before)
    _restore(before)


def _restore(journal: Path) -> None:
    settings.LETTERLOCK_JOURNAL = journal
    vault_settings.cache_clear()
