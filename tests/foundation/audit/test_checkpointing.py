"""Checkpoints are in a file outside both stores, only ever go forward, and lose nothing that contradicts them."""

from pathlib import Path
from uuid import UUID

import pytest

from letterlock.foundation.audit import checkpointing, integrating, lifting, notes, proofs, trees
from letterlock.foundation.audit.models import Entry, Head, Leaf, Node, Opening
from letterlock.foundation.audit.notes import Checkpoint
from letterlock.foundation.kernel import transactions
from tests.domain.mailbox.racing import together
from tests.foundation.audit.ledgers import new_platform, noon, origin, place, record, verify

pytestmark = pytest.mark.usefixtures("stores")


def kept_checkpoint(platform_id: UUID) -> Checkpoint:
    note = checkpointing.file_of(platform_id).read_text()
    return notes.read_checkpoint(notes.open_note(note, key=checkpointing.key_of(platform_id, origin=origin)))


def files(platform_id: UUID) -> list[Path]:
    return list(checkpointing.kept(platform_id))


def forget_last_entries(platform_id: UUID, *, left: int) -> None:
    """The database as an older copy of it would be."""
    with transactions.writing(), lifting.lifted():
        gone = list(Leaf.objects.filter(platform_id=platform_id, index__gte=left).values_list("entry_id", flat=True))
        Opening.objects.filter(entry_id__in=gone).delete()
        Leaf.objects.filter(entry_id__in=gone).delete()
        Entry.objects.filter(id__in=gone).delete()
        tree = trees.Tree()
        Node.objects.filter(platform_id=platform_id).delete()
        for leaf in Leaf.objects.filter(platform_id=platform_id).order_by("index").select_related("entry"):
            for spot, digest in tree.append(trees.leaf_hash(bytes(leaf.entry.leaf))):
                Node.objects.create(platform_id=platform_id, level=spot.level, index=spot.number, hash=digest)
        Head.objects.filter(platform_id=platform_id).update(size=tree.size, peaks=b"".join(tree.peaks))


def test_the_newest_one_is_kept_and_it_alone() -> None:
    platform_id = new_platform()
    place(platform_id, 3)
    place(platform_id, 4)
    tree = integrating.tree_of(platform_id)
    assert kept_checkpoint(platform_id) == Checkpoint(origin, 7, tree.root())
    assert files(platform_id) == [checkpointing.file_of(platform_id)]


def test_each_checkpoint_extends_the_one_before() -> None:
    platform_id = new_platform()
    before = None
    for count in (1, 1, 2, 5, 8, 1):
        place(platform_id, count)
        after = kept_checkpoint(platform_id)
        if before is not None:
            tree = integrating.tree_of(platform_id)
            proof = proofs.consistency_of(before.size, tree=tree, platform_id=platform_id)
            assert trees.extends(
                old=before.size, old_root=before.root, new=after.size, new_root=after.root, proof=proof
            )
        before = after
    assert len(files(platform_id)) == 1


def test_an_older_database_that_came_back_is_named_and_stays_named() -> None:
    platform_id = new_platform()
    place(platform_id, 9)
    forget_last_entries(platform_id, left=6)
    assert "only 6 can be followed" in verify(platform_id).wrongs[0].sentence
    place(platform_id, 1)
    assert len(files(platform_id)) == 2
    assert kept_checkpoint(platform_id).size == 7
    place(platform_id, 5)
    verdict = verify(platform_id)
    assert verdict.vouched == 12
    assert any("The first 9 entries are not those" in wrong.sentence for wrong in verdict.wrongs)


def test_writers_at_one_moment_leave_the_newest() -> None:
    platform_id = new_platform()
    record(platform_id, 3)
    integrating.integrate(platform_id)
    answers = together(*[lambda: checkpointing.keep_newest(platform_id, origin=origin, at=noon)] * 4)
    assert answers == [None] * 4
    assert kept_checkpoint(platform_id).size == 3
    assert len(files(platform_id)) == 1


@pytest.mark.parametrize("content", ["", "no note at all\n", "acme.example/ledger\n99\nAAAA\n\n— x y\n"])
def test_a_file_that_is_no_checkpoint_is_set_aside_and_named(content: str) -> None:
    platform_id = new_platform()
    place(platform_id, 2)
    checkpointing.file_of(platform_id).write_text(content)
    place(platform_id, 1)
    assert kept_checkpoint(platform_id).size == 3
    assert any("vouches for nothing" in wrong.sentence for wrong in verify(platform_id).wrongs)


def test_another_platforms_checkpoint_vouches_for_nothing() -> None:
    one, other = new_platform(), new_platform()
    place(one, 2)
    place(other, 2)
    verdict = verify(one, checkpoints={"theirs": checkpointing.file_of(other).read_text()})
    assert "The checkpoint theirs vouches for nothing" in verdict.wrongs[0].sentence
