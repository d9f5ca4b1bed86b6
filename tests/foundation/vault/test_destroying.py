"""Destruction for good: docs/formats/destruction-journal.md."""

import random
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.vault import destroying, journal, key_pairs, wrapping
from letterlock.foundation.vault.keystore.models import Reason, Share, Tombstone
from letterlock.foundation.vault.models import Basis, Holder, Thing
from letterlock.foundation.vault.sealing import Tampered
from letterlock.foundation.vault.settings import vault_settings
from tests import on_disk
from tests.foundation.vault.conftest import at, new_platform
from tests.foundation.vault.test_wrapping import give, open_for

on_sqlite = pytest.mark.skipif(
    not django_settings.DATABASES["keystore"]["ENGINE"].endswith("sqlite3"), reason="looks into SQLite's files"
)
on_postgresql = pytest.mark.skipif(connections["keystore"].vendor != "postgresql", reason="about PostgreSQL's pages")
entry_id = uuid4()


def test_who_was_taken_back_opens_nothing_and_others_still_do(platform_id: UUID, alice: Holder, bob: Holder) -> None:
    key, of = give(platform_id, alice, bob)
    assert destroy(of, platform_id, {bob}) == 1
    with pytest.raises(wrapping.ShareGone):
        wrapping.fetch_share(of, holder=bob, platform_id=platform_id)
    assert open_for(alice, of, platform_id).reveal() == key.reveal()
    assert wrapping.holders_of(of) == {alice}


def test_everybody_is_taken_back_when_nobody_is_named(platform_id: UUID, alice: Holder, bob: Holder) -> None:
    _key, of = give(platform_id, alice, bob)
    assert destroy(of, platform_id, None) == 2
    assert wrapping.holders_of(of) == set()


def test_only_that_thing_is_destroyed(platform_id: UUID, alice: Holder) -> None:
    _key, of = give(platform_id, alice)
    key, other = give(platform_id, alice)
    destroy(of, platform_id, None)
    assert open_for(alice, other, platform_id).reveal() == key.reveal()


def test_another_platform_destroys_nothing(platform_id: UUID, alice: Holder) -> None:
    key, of = give(platform_id, alice)
    assert destroy(of, new_platform(), None) == 0
    assert open_for(alice, of, platform_id).reveal() == key.reveal()


def test_a_tombstone_and_a_journal_line_say_what_was_destroyed_and_why(
    platform_id: UUID, alice: Holder, bob: Holder
) -> None:
    _key, of = give(platform_id, alice, bob)
    share = Share.objects.get(holder_id=bob.id)
    destroy(of, platform_id, {bob})
    tombstone = Tombstone.objects.get()
    (line,) = journal.read(vault_settings().journal)
    for record in (tombstone, line):
        assert (record.share_id, record.platform_id) == (share.id, platform_id)
        assert (record.object_kind, record.object_id) == (of.kind, of.id)
        assert (record.holder_kind, record.holder_id) == (bob.kind, bob.id)
        assert (record.reason, record.entry_id, record.destroyed_at) == (Reason.RECALLED, entry_id, at)


def test_again_changes_nothing(platform_id: UUID, alice: Holder, bob: Holder) -> None:
    _key, of = give(platform_id, alice, bob)
    destroy(of, platform_id, None)
    before = written_so_far()
    assert destroy(of, platform_id, None, reason=Reason.EXPIRED) == 0
    assert written_so_far() == before


def test_a_destroyed_share_is_zeros(platform_id: UUID, alice: Holder) -> None:
    _key, of = give(platform_id, alice)
    destroy(of, platform_id, None)
    share = Share.objects.get(object_id=of.id)
    assert share.is_blank
    assert bytes(share.sealed) == bytes(66)


def test_an_earlier_share_that_no_wrap_names_goes_with_the_others(platform_id: UUID, alice: Holder) -> None:
    key, of = give(platform_id, alice)
    prepared = wrapping.prepare_wraps(key, of=of, to=[alice], basis=Basis.RECEIVED, platform_id=platform_id, at=at)
    with transactions.writing():
        wrapping.keep_wraps(prepared)
    assert destroy(of, platform_id, {alice}) == 2


def test_an_old_database_opens_nothing_with_the_keystore_of_today(platform_id: UUID, alice: Holder) -> None:
    key, of = give(platform_id, alice)
    old = wrapping.fetch_share(of, holder=alice, platform_id=platform_id).wrap
    destroy(of, platform_id, None)
    # Somebody has the old wrap, today's keystore, the root key and patience: the share's row is not even marked.
    Share.objects.update(is_blank=False)
    today = Share.objects.get(id=old.share_id)
    with pytest.raises(Tampered):
        wrapping.unwrap(wrapping.FetchedShare(today, old))
    private = key_pairs.open_private_key(alice, platform_id=platform_id, generation=1)
    half = wrapping.open_half(bytes(old.sealed_half), private=private, context=wrapping._wrap_context(old))
    assert half != key.reveal()


def test_shares_are_destroyed_after_the_main_transaction(platform_id: UUID, alice: Holder) -> None:
    key, of = give(platform_id, alice)
    with transactions.writing(), pytest.raises(transactions.WrongTransaction, match="after"):
        destroy(of, platform_id, None)
    assert open_for(alice, of, platform_id).reveal() == key.reveal()


def test_without_a_journal_nothing_is_destroyed(
    platform_id: UUID, alice: Holder, settings: Settings, tmp_path: Path, fresh_settings: None
) -> None:
    key, of = give(platform_id, alice)
    settings.LETTERLOCK_JOURNAL = tmp_path / "no such folder" / "journal"
    vault_settings.cache_clear()
    with pytest.raises(FileNotFoundError):
        destroy(of, platform_id, None)
    assert open_for(alice, of, platform_id).reveal() == key.reveal()
    assert not Tombstone.objects.exists()


@on_sqlite
def test_the_bytes_of_a_destroyed_share_are_nowhere_in_the_keystores_folder(
    platform_id: UUID, alice: Holder, bob: Holder
) -> None:
    _key, of = give(platform_id, alice, bob)
    bobs, alices = (bytes(Share.objects.get(holder_id=holder.id).sealed) for holder in (bob, alice))
    assert bobs in keystore_files()
    destroy(of, platform_id, {bob})
    assert bobs not in keystore_files()
    assert bobs[18:] not in keystore_files()
    assert alices in keystore_files()


@on_sqlite
def test_no_copy_of_a_destroyed_share_is_left_in_unused_pages(platform_id: UUID) -> None:
    # Rows come and go until SQLite could have joined many pages. With these choices, deleting the rows instead of
    # blanking them leaves copies of three.
    chance, living, dead = random.Random(11), dict[UUID, Share](), list[bytes]()  # noqa: S311 -- to be repeatable
    for _round in range(40):
        shares = [some_share(platform_id) for _ in range(chance.choice([1, 3, 20, 100]))]
        with transactions.writing(using="keystore"):
            Share.objects.bulk_create(shares)
        living |= {share.id: share for share in shares}
        for _turn in range(3):
            chosen = chance.sample(list(living), min(len(living), chance.choice([1, 2, 5, 30])))
            gone = [living.pop(share_id) for share_id in chosen]
            destroying.destroy_rows(gone, reason=Reason.DELETED, entry_id=None, at=at)
            dead += [bytes(share.sealed) for share in gone]
    files = keystore_files()
    assert len(dead) > 500
    assert [sealed for sealed in dead if sealed[20:44] in files] == []
    assert all(bytes(share.sealed) in files for share in living.values())


@on_sqlite
def test_while_a_reader_holds_old_pages_nothing_counts_as_destroyed(
    platform_id: UUID, alice: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    _key, of = give(platform_id, alice)
    sealed = bytes(Share.objects.get(holder_id=alice.id).sealed)
    monkeypatch.setattr(destroying, "scrub_patience_seconds", 0.1)
    reader = sqlite3.connect(keystore_path(), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM keystore_share").fetchone()
    with pytest.raises(destroying.NotYetGone):
        destroy(of, platform_id, None)
    assert sealed in keystore_files()
    reader.execute("COMMIT")
    reader.close()
    before = written_so_far()
    assert destroy(of, platform_id, None) == 0
    assert sealed not in keystore_files()
    assert written_so_far() == before


@on_sqlite
def test_scrubbing_leaves_the_patience_of_other_writers_as_it_was(stores: None) -> None:
    with connections["keystore"].cursor() as cursor:
        before = cursor.execute("PRAGMA busy_timeout").fetchone()
        destroying.scrub_keystore()
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == before


@on_postgresql
def test_a_blanked_share_stays_in_its_full_page(platform_id: UUID) -> None:
    # Else each later vacuum reads the page it left again.
    shares = [some_share(platform_id) for _ in range(200)]
    Share.objects.bulk_create(shares)
    before = pages_of_shares()
    assert len(set(before.values())) > 3
    for share in shares[:100:10]:
        destroying.destroy_rows([share], reason=Reason.DELETED, entry_id=None, at=at)
    assert pages_of_shares() == before


@on_postgresql
def test_a_scrub_asks_for_no_parallel_workers(stores: None) -> None:
    with CaptureQueriesContext(connections["keystore"]) as seen:
        destroying.scrub_keystore()
    assert [query["sql"] for query in seen] == ["VACUUM (PARALLEL 0) keystore_share"]


@pytest.fixture
def fresh_settings() -> Iterator[None]:
    yield
    vault_settings.cache_clear()


def destroy(of: Thing, platform_id: UUID, holders: set[Holder] | None, reason: Reason = Reason.RECALLED) -> int:
    return destroying.destroy_shares(
        of, holders=holders, reason=reason, entry_id=entry_id, platform_id=platform_id, at=at
    )


def written_so_far() -> tuple[list[object], list[object]]:
    """All tombstones and all lines of the journal."""
    return list(Tombstone.objects.order_by("share_id").values()), list(journal.read(vault_settings().journal))


def some_share(platform_id: UUID) -> Share:
    return Share(
        id=new_id(),
        platform_id=platform_id,
        object_kind="message",
        object_id=uuid4(),
        holder_kind="account",
        holder_id=uuid4(),
        platform_key_generation=1,
        sealed=secrets.token_bytes(66),
        created_at=at,
    )


def pages_of_shares() -> dict[UUID, int]:
    """In which page of its table each row lies."""
    with connections["keystore"].cursor() as cursor:
        cursor.execute("SELECT id, (ctid::text::point)[0]::int FROM keystore_share")
        return dict(cursor.fetchall())


def keystore_path() -> Path:
    return Path(connections["keystore"].settings_dict["NAME"])


def keystore_files() -> bytes:
    """Everything in the keystore's folder, the write-ahead log included."""
    return on_disk.bytes_of(*keystore_path().parent.iterdir())
