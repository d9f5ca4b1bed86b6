"""The keystore's chores."""

import random
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.db import connections

from letterlock.foundation.vault import destroying, journal, sweeping, wrapping
from letterlock.foundation.vault.keys import new_content_key
from letterlock.foundation.vault.keystore.models import Reason, Share, Tombstone
from letterlock.foundation.vault.models import Basis, Holder, Wrap
from letterlock.foundation.vault.settings import vault_settings
from tests.foundation.vault.conftest import at, new_platform
from tests.foundation.vault.test_destroying import destroy, keystore_files, some_share
from tests.foundation.vault.test_wrapping import give, new_message, open_for

week = timedelta(days=7)
second = timedelta(seconds=1)


def test_a_share_that_no_wrap_names_is_swept_after_seven_days(platform_id: UUID, alice: Holder) -> None:
    share = nameless_share(platform_id, alice)
    assert sweeping.count_nameless(platform_id, at=at + week + second) == 1
    swept = sweeping.sweep_nameless_shares(platform_id, at=at + week + second)
    assert swept == sweeping.Sweep(nameless=1, swept=1, is_stopped=False)
    assert not Share.objects.alive().exists()
    (line,) = journal.read(vault_settings().journal)
    assert (line.share_id, line.reason) == (share.id, Reason.NAMELESS)
    assert Tombstone.objects.get().reason == Reason.NAMELESS


def test_a_younger_share_is_left_alone(platform_id: UUID, alice: Holder) -> None:
    nameless_share(platform_id, alice)
    assert sweeping.sweep_nameless_shares(platform_id, at=at + week) == sweeping.Sweep(
        nameless=0, swept=0, is_stopped=False
    )
    assert Share.objects.alive().count() == 1


def test_a_share_that_a_wrap_names_is_left_alone(platform_id: UUID, alice: Holder) -> None:
    key, of = give(platform_id, alice)
    nameless_share(platform_id, alice)
    assert sweeping.sweep_nameless_shares(platform_id, at=at + 2 * week).swept == 1
    assert open_for(alice, of, platform_id).reveal() == key.reveal()


def test_when_more_than_one_in_a_hundred_is_nameless_nothing_is_swept(platform_id: UUID) -> None:
    Share.objects.bulk_create([some_share(platform_id) for _ in range(150)])
    assert sweeping.sweep_nameless_shares(platform_id, at=at + 2 * week) == sweeping.Sweep(
        nameless=150, swept=0, is_stopped=True
    )
    assert Share.objects.alive().count() == 150
    assert not Tombstone.objects.exists()


def test_a_database_that_lost_its_wraps_loses_no_share(platform_id: UUID, alice: Holder, bob: Holder) -> None:
    give(platform_id, alice, bob)
    Wrap.objects.all().delete()
    assert sweeping.sweep_nameless_shares(platform_id, at=at + 2 * week).is_stopped
    assert Share.objects.alive().count() == 2


def test_nothing_is_swept_within_seven_days_of_a_restore(platform_id: UUID, alice: Holder) -> None:
    nameless_share(platform_id, alice)
    restored_at = at + 2 * week
    early = sweeping.sweep_nameless_shares(platform_id, at=restored_at + week - second, restored_at=restored_at)
    assert (early.swept, early.is_stopped) == (0, True)
    late = sweeping.sweep_nameless_shares(platform_id, at=restored_at + week, restored_at=restored_at)
    assert late.swept == 1


def test_each_platform_is_swept_by_itself(platform_id: UUID, alice: Holder) -> None:
    nameless_share(platform_id, alice)
    other = new_platform()
    assert sweeping.sweep_nameless_shares(other, at=at + 2 * week).nameless == 0
    assert set(sweeping.platforms_with_keys()) == {platform_id, other}


def test_shares_are_looked_at_page_by_page(platform_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "page_rows", 7)
    Share.objects.bulk_create([some_share(platform_id) for _ in range(20)])
    assert sweeping.sweep_nameless_shares(platform_id, at=at + 2 * week).nameless == 20


def test_a_tombstone_is_kept_four_hundred_days_and_goes_with_its_blank_share(
    platform_id: UUID, alice: Holder, bob: Holder
) -> None:
    _key, of = give(platform_id, alice, bob)
    destroy(of, platform_id, {bob})
    assert sweeping.forget_old_tombstones(at=at + timedelta(days=400)) == 0
    assert Share.objects.count() == 2
    assert sweeping.forget_old_tombstones(at=at + timedelta(days=400) + second) == 1
    assert not Tombstone.objects.exists()
    assert Share.objects.get().holder_id == alice.id


@pytest.mark.skipif(
    not django_settings.DATABASES["keystore"]["ENGINE"].endswith("sqlite3"), reason="looks into SQLite's files"
)
def test_deleting_old_rows_leaves_no_copy_of_a_share_that_is_destroyed_later(platform_id: UUID) -> None:
    # This choice of rows is one after which SQLite, left alone, keeps copies of two of the others.
    shares = [some_share(platform_id) for _ in range(1000)]
    Share.objects.bulk_create(shares)
    old = random.Random(17).sample(shares, 700)  # noqa: S311 -- to be repeatable
    destroying.destroy_rows(old, reason=Reason.DELETED, entry_id=None, at=at)
    assert sweeping.forget_old_tombstones(at=at + timedelta(days=500)) == 700
    rest = [share for share in shares if share not in old]
    destroying.destroy_rows(rest, reason=Reason.DELETED, entry_id=None, at=at + timedelta(days=500))
    files = keystore_files()
    assert [share.id for share in rest if bytes(share.sealed)[20:44] in files] == []


def nameless_share(platform_id: UUID, holder: Holder) -> Share:
    """What a send leaves that stopped between its shares and its main transaction."""
    of = new_message()
    wrapping.prepare_wraps(new_content_key(), of=of, to=[holder], basis=Basis.RECEIVED, platform_id=platform_id, at=at)
    return Share.objects.get(object_id=of.id)


def test_only_postgresql_needs_its_shares_written_anew(platform_id: UUID, alice: Holder) -> None:
    key, of = give(platform_id, alice)
    _other_key, other = give(platform_id, alice)
    destroy(other, platform_id, None)
    is_postgresql = connections["keystore"].vendor == "postgresql"
    before = file_of_shares() if is_postgresql else None
    assert sweeping.finish_destruction(at=at + timedelta(hours=1)) is is_postgresql
    assert not is_postgresql or file_of_shares() != before
    assert open_for(alice, of, platform_id).reveal() == key.reveal()


def test_shares_are_not_written_anew_when_nothing_was_destroyed_lately(platform_id: UUID, alice: Holder) -> None:
    _key, of = give(platform_id, alice)
    destroy(of, platform_id, None)
    assert not sweeping.finish_destruction(at=at + timedelta(hours=2))


def file_of_shares() -> int:
    with connections["keystore"].cursor() as cursor:
        cursor.execute("SELECT pg_relation_filenode('keystore_share')")
        return int(cursor.fetchone()[0])
