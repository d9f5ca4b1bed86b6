"""What is done to the ledger behind its back is found, and the first wrong entry is named."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from letterlock.foundation.audit import encoding, integrating, lifting, trees
from letterlock.foundation.audit.models import Entry, Head, Leaf, Node, Opening, Pending
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from tests.foundation.audit.ledgers import new_platform, noon, place, record, verify

pytestmark = pytest.mark.usefixtures("stores")


def behind_its_back(act: Callable[[], object]) -> None:
    with transactions.writing(), lifting.lifted():
        act()


def first_wrong(platform_id: UUID) -> tuple[int | None, str]:
    """Without a checkpoint: the database has to betray itself."""
    verdict = verify(platform_id, checkpoints={})
    assert verdict.wrongs
    return verdict.wrongs[0].index, verdict.wrongs[0].explain()


def forged(entry: Entry, **changes: object) -> bytes:
    """A leaf in perfect form that says something else."""
    return encoding.encode(encoding.Leaf(**{**vars(encoding.decode(bytes(entry.leaf))), **changes}))


def rebuild(platform_id: UUID) -> None:
    """What a thief with the whole database in hand does: the tree made anew over what the entries say now."""
    ids = list(Leaf.objects.filter(platform_id=platform_id).order_by("index").values_list("entry_id", flat=True))
    for model in (Leaf, Node, Head):
        model.objects.filter(platform_id=platform_id).delete()
    Pending.objects.bulk_create(Pending(entry_id=one, platform_id=platform_id) for one in ids)


def test_an_untouched_ledger_is_sound() -> None:
    platform_id = new_platform()
    place(platform_id, 5)
    place(platform_id, 8)
    record(platform_id, 2)
    verdict = verify(platform_id)
    assert verdict.wrongs == []
    assert (verdict.size, verdict.waiting, verdict.vouched) == (13, 2, 13)
    assert verdict.root == integrating.tree_of(platform_id).root()


def test_an_empty_ledger_is_sound() -> None:
    verdict = verify(new_platform())
    assert (verdict.size, verdict.wrongs, verdict.vouched) == (0, [], None)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"event": "tests.letter.forged"}, "its event was changed"),
        ({"at": noon + timedelta(microseconds=1)}, "its time was changed"),
        ({"subject_id": new_id()}, "its subject was changed"),
        ({"object_id": new_id()}, "its object was changed"),
        ({"platform_id": new_id()}, "its platform was changed"),
        ({"leaf": b"LLE1"}, "not the encoding of a fact"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_an_edited_column_names_its_entry(changes: dict[str, object], said: str) -> None:
    platform_id = new_platform()
    entries = place(platform_id, 9)
    behind_its_back(lambda: Entry.objects.filter(id=entries[4].id).update(**changes))
    index, sentence = first_wrong(platform_id)
    assert index == 4
    assert said in sentence
    assert str(entries[4].id) in sentence


def test_an_entry_edited_in_column_and_leaf_alike_is_found_by_the_tree() -> None:
    platform_id = new_platform()
    entries = place(platform_id, 9)
    leaf = forged(entries[6], event="tests.letter.forged")
    behind_its_back(lambda: Entry.objects.filter(id=entries[6].id).update(event="tests.letter.forged", leaf=leaf))
    index, sentence = first_wrong(platform_id)
    assert index == 6
    assert "not what was placed here" in sentence


def test_an_edited_opening_names_its_entry_and_an_erased_one_is_no_wrong() -> None:
    platform_id = new_platform()
    entries = place(platform_id, 4)
    with transactions.writing():
        Opening.objects.filter(entry=entries[0]).delete()
        Opening.objects.filter(entry=entries[2], kind="actor").update(value="mallory")
    index, sentence = first_wrong(platform_id)
    assert index == 2
    assert "its actor was changed" in sentence
    verdict = verify(platform_id, checkpoints={})
    assert len(verdict.wrongs) == 1
    assert verdict.erased == 2


@pytest.mark.parametrize("gone", [0, 3, 8])
def test_a_deleted_entry_is_missing(gone: int) -> None:
    platform_id = new_platform()
    entry_id = place(platform_id, 9)[gone].id

    def delete() -> None:
        Opening.objects.filter(entry_id=entry_id).delete()
        Leaf.objects.filter(entry_id=entry_id).delete()
        Entry.objects.filter(id=entry_id).delete()

    behind_its_back(delete)
    index, sentence = first_wrong(platform_id)
    assert index == gone
    assert "missing" in sentence


def test_an_entry_put_in_without_the_tree_is_found() -> None:
    platform_id = new_platform()
    place(platform_id, 3)
    (extra,) = record(platform_id)
    with transactions.writing():
        Pending.objects.all().delete()
    index, sentence = first_wrong(platform_id)
    assert index is None
    assert str(extra.id) in sentence
    assert "put in" in sentence


def test_an_entry_put_in_the_place_of_another_is_found() -> None:
    platform_id = new_platform()
    entries = place(platform_id, 5)
    (extra,) = record(platform_id)

    def put_in() -> None:
        Pending.objects.all().delete()
        Leaf.objects.filter(entry_id=entries[1].id).update(entry_id=extra.id)

    behind_its_back(put_in)
    index, sentence = first_wrong(platform_id)
    assert index == 1
    assert str(extra.id) in sentence


def test_swapped_entries_are_found() -> None:
    platform_id = new_platform()
    entries = place(platform_id, 6)

    def swap() -> None:
        Leaf.objects.filter(entry__in=[entries[2], entries[4]]).delete()
        Leaf.objects.create(entry=entries[2], platform_id=platform_id, index=4)
        Leaf.objects.create(entry=entries[4], platform_id=platform_id, index=2)

    behind_its_back(swap)
    verdict = verify(platform_id, checkpoints={})
    assert [wrong.index for wrong in verdict.wrongs][:2] == [2, 4]


def test_a_changed_node_is_named_with_its_first_entry() -> None:
    platform_id = new_platform()
    place(platform_id, 8)
    behind_its_back(lambda: Node.objects.filter(level=1, index=2).update(hash=bytes(32)))
    index, sentence = first_wrong(platform_id)
    assert index == 4
    assert "all up to 5" in sentence


def test_a_moved_end_is_found() -> None:
    platform_id = new_platform()
    place(platform_id, 8)
    Head.objects.update(peaks=bytes(32))
    assert "stored end" in first_wrong(platform_id)[1]
    Head.objects.update(size=7, peaks=bytes(96))
    assert any("beyond the end" in wrong.sentence for wrong in verify(platform_id, checkpoints={}).wrongs)


def test_an_entry_that_would_be_placed_twice_is_found() -> None:
    platform_id = new_platform()
    entries = place(platform_id, 3)
    Pending.objects.create(entry=entries[1], platform_id=platform_id)
    assert "waits for another" in first_wrong(platform_id)[1]


def test_a_wrong_entry_behind_the_first_thousand_is_named() -> None:
    platform_id = new_platform()
    entries = place(platform_id, 1100)
    behind_its_back(lambda: Entry.objects.filter(id=entries[1050].id).update(event="tests.letter.forged"))
    assert first_wrong(platform_id)[0] == 1050


@pytest.mark.parametrize("how", ["edited", "cut"])
def test_a_ledger_made_anew_agrees_with_itself_and_not_with_its_checkpoint(how: str) -> None:
    platform_id = new_platform()
    entries = place(platform_id, 9)

    def forge() -> None:
        if how == "edited":
            leaf = forged(entries[2], event="tests.letter.forged")
            Entry.objects.filter(id=entries[2].id).update(event="tests.letter.forged", leaf=leaf)
        else:
            Opening.objects.filter(entry=entries[8]).delete()
            Leaf.objects.filter(entry=entries[8]).delete()
            Entry.objects.filter(id=entries[8].id).delete()
        rebuild(platform_id)

    behind_its_back(forge)
    integrating.integrate(platform_id)

    assert verify(platform_id, checkpoints={}).wrongs == []
    verdict = verify(platform_id)
    assert len(verdict.wrongs) == 1
    assert "vouches for" in verdict.wrongs[0].sentence
    assert verdict.vouched is None


def test_the_checkpoint_that_a_rewritten_ledger_breaks_is_kept_when_a_new_one_is_written() -> None:
    platform_id = new_platform()
    entries = place(platform_id, 9)

    def forge() -> None:
        leaf = forged(entries[2], event="tests.letter.forged")
        Entry.objects.filter(id=entries[2].id).update(event="tests.letter.forged", leaf=leaf)
        rebuild(platform_id)

    behind_its_back(forge)
    place(platform_id, 3)
    verdict = verify(platform_id)
    assert verdict.vouched == 12
    assert [wrong.explain() for wrong in verdict.wrongs if "first 9 entries" in wrong.sentence]


def test_verification_computes_the_root_by_itself() -> None:
    platform_id = new_platform()
    entries = place(platform_id, 5)
    assert verify(platform_id).root == trees.join(
        [
            trees.node_hash(trees.node_hash(*map(_hash, entries[:2])), trees.node_hash(*map(_hash, entries[2:4]))),
            _hash(entries[4]),
        ]
    )


def _hash(entry: Entry) -> bytes:
    return trees.leaf_hash(bytes(entry.leaf))
