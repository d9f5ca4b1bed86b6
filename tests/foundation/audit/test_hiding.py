"""Whoever has all of the database in hand, and may write into the keystore, hides nothing by it."""

from collections.abc import Callable
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from letterlock.foundation.audit import checkpointing, integrating, lifting, notes, verifying
from letterlock.foundation.audit.models import Entry, Head, Leaf, Node, Opening, Pending
from letterlock.foundation.audit.notes import Checkpoint, Key
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.vault import signing
from letterlock.foundation.vault.keystore.models import SealedKey
from tests.foundation.audit.ledgers import new_platform, noon, origin, place, record, verify

pytestmark = pytest.mark.usefixtures("stores")


def behind_its_back(act: Callable[[], object]) -> None:
    with transactions.writing(), lifting.lifted():
        act()


def put_in(platform_id: UUID) -> Entry:
    """A fact that nobody caused: it would be read with the others, and waits for no place."""
    (extra,) = record(platform_id)
    with transactions.writing():
        Pending.objects.filter(entry=extra).delete()
    return extra


def explained(platform_id: UUID, **given: dict[str, str]) -> list[str]:
    return [wrong.explain() for wrong in verify(platform_id, **given).wrongs]


def test_an_entry_that_has_its_place_in_the_tree_of_nobody_is_found() -> None:
    platform_id = new_platform()
    place(platform_id, 5)
    extra = put_in(platform_id)
    behind_its_back(lambda: Leaf.objects.create(entry=extra, platform_id=new_id(), index=3))
    (said,) = explained(platform_id)
    assert said.startswith(f"Entry without a place ({extra.id})")


def test_an_entry_that_waits_for_a_place_in_the_tree_of_nobody_is_found() -> None:
    platform_id = new_platform()
    place(platform_id, 5)
    (extra,) = record(platform_id)
    with transactions.writing():
        Pending.objects.filter(entry=extra).update(platform_id=new_id())
    (said,) = explained(platform_id)
    assert said.startswith(f"Entry without a place ({extra.id})")


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no word to pass over a constraint.")
def test_an_entry_before_the_first_is_found() -> None:
    platform_id = new_platform()
    place(platform_id, 5)
    extra = put_in(platform_id)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        behind_its_back(lambda: Leaf.objects.create(entry=extra, platform_id=platform_id, index=-1))
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert any(str(extra.id) in said for said in explained(platform_id))


def test_an_entry_moved_to_another_platform_is_missed_here_and_found_there() -> None:
    one, other = new_platform(), new_platform()
    moved = place(one, 5)[2]
    place(other, 5)

    def move() -> None:
        Leaf.objects.filter(entry=moved).update(platform_id=other, index=5)
        Entry.objects.filter(id=moved.id).update(platform_id=other)

    behind_its_back(move)
    assert explained(one, checkpoints={}) == ["Entry 2: it is missing."]
    assert f"Entry 5 ({moved.id}): its place is beyond the end" in explained(other, checkpoints={})[0]


def test_an_entry_that_only_says_it_is_another_platforms_is_found_on_both_sides() -> None:
    one, other = new_platform(), new_platform()
    moved = place(one, 5)[2]
    place(other, 5)
    behind_its_back(lambda: Entry.objects.filter(id=moved.id).update(platform_id=other))
    assert f"Entry 2 ({moved.id}): its platform was changed" in explained(one, checkpoints={})[0]
    assert str(moved.id) in explained(other, checkpoints={})[0]


def test_a_cut_tail_agrees_with_itself_and_not_with_the_checkpoint() -> None:
    platform_id = new_platform()
    last = place(platform_id, 9)[8]

    def cut() -> None:
        Opening.objects.filter(entry=last).delete()
        Leaf.objects.filter(entry=last).delete()
        Node.objects.filter(platform_id=platform_id, level=0, index=8).delete()
        Entry.objects.filter(id=last.id).delete()
        head = Head.objects.get(platform_id=platform_id)
        Head.objects.filter(platform_id=platform_id).update(size=8, peaks=bytes(head.peaks)[:32])

    behind_its_back(cut)
    assert explained(platform_id, checkpoints={}) == []
    (said,) = explained(platform_id)
    assert "vouches for 9 entries; only 8 can be followed" in said


def test_an_emptied_ledger_does_not_meet_its_checkpoint() -> None:
    platform_id = new_platform()
    place(platform_id, 5)
    behind_its_back(lambda: [model.objects.all().delete() for model in (Leaf, Node, Head, Opening, Entry)])
    assert explained(platform_id, checkpoints={}) == []
    assert "vouches for 5 entries; only 0 can be followed" in explained(platform_id)[0]


def test_of_two_checkpoints_of_one_size_one_is_a_lie() -> None:
    platform_id = new_platform()
    place(platform_id, 5)
    lie = checkpointing.sign(Checkpoint(origin, 5, bytes(32)).spell(), platform_id=platform_id, origin=origin)
    truth = checkpointing.file_of(platform_id).read_text()
    assert explained(platform_id, checkpoints={"truth": truth, "lie": lie}) == [
        "The first 5 entries are not those that the checkpoint lie vouches for."
    ]


def test_a_public_key_that_was_put_into_the_keystore_is_none_of_the_platforms() -> None:
    platform_id = new_platform()
    place(platform_id, 5)
    thief = Ed25519PrivateKey.generate()
    public = thief.public_key().public_bytes_raw()
    own = SealedKey.objects.get(platform_id=platform_id, purpose=signing.key_purpose)
    with transactions.writing(using="keystore"):
        SealedKey.objects.create(
            platform_id=platform_id,
            purpose=signing.key_purpose,
            generation=own.generation + 1,
            public_part=public,
            sealed=own.sealed,
            created_at=noon,
        )
    text = Checkpoint(origin, 5, integrating.tree_of(platform_id).root()).spell()
    forged = notes.sign(text, key=Key(origin, public), signature=thief.sign(text.encode()))
    keys = [Key(origin, each) for each in signing.public_keys_of(platform_id)]
    verdict = verifying.verify(platform_id, checkpoints={"forged": forged}, keys=keys)
    assert verdict.vouched is None
    assert "The checkpoint forged vouches for nothing" in verdict.wrongs[0].sentence


def test_a_checkpoint_of_which_only_noise_is_left_is_named() -> None:
    platform_id = new_platform()
    place(platform_id, 2)
    checkpointing.file_of(platform_id).write_bytes(b"\xff\xfe")
    assert "vouches for nothing" in explained(platform_id)[0]
    place(platform_id, 1)
    assert len(checkpointing.kept(platform_id)) == 2


def test_how_far_it_is_can_be_told() -> None:
    platform_id = new_platform()
    place(platform_id, 1100)
    told: list[tuple[int, int]] = []
    verifying.verify(platform_id, checkpoints={}, keys=[], tell=lambda done, of: told.append((done, of)))
    assert told == [(1000, 1100), (1100, 1100)]
