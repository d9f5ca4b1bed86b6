"""Entries find their places once each, whoever else is at it."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from letterlock.foundation.audit import integrating, proofs, trees
from letterlock.foundation.audit.models import Entry, Leaf, Node, OpeningKind, Pending
from letterlock.foundation.kernel import transactions
from tests.domain.mailbox.racing import together
from tests.foundation.audit.ledgers import new_platform, place, record

pytestmark = pytest.mark.usefixtures("stores")


def hashes(entries: list[Entry]) -> list[bytes]:
    return [trees.leaf_hash(bytes(entry.leaf)) for entry in entries]


def test_entries_are_placed_in_the_order_they_were_recorded_in() -> None:
    platform_id = new_platform()
    first, second = record(platform_id, 3), record(platform_id, 2)
    assert integrating.waiting_platforms() == [platform_id]
    assert integrating.integrate(platform_id) == 5
    assert not Pending.objects.exists()
    placed = Leaf.objects.order_by("index").values_list("index", "entry_id")
    assert list(placed) == list(enumerate(entry.id for entry in [*first, *second]))


def test_an_entry_that_commits_late_is_placed_all_the_same() -> None:
    platform_id = new_platform()
    late, early = record(platform_id, 2)
    Pending.objects.filter(entry_id=late.id).delete()
    integrating.integrate(platform_id)
    with transactions.writing():
        Pending.objects.create(entry_id=late.id, platform_id=platform_id)
    assert integrating.integrate(platform_id) == 1
    assert list(Leaf.objects.order_by("index").values_list("entry_id", flat=True)) == [early.id, late.id]


def test_many_entries_take_several_short_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrating, "placed_at_once", 4)
    platform_id = new_platform()
    entries = record(platform_id, 11)
    assert integrating.integrate(platform_id) == 11
    tree = integrating.tree_of(platform_id)
    assert tree.size == 11
    spans = trees.inclusion_spans(0, 11)
    proof = proofs.evidence_of([entries[0].id], tree=tree, platform_id=platform_id, kinds=())[0].proof
    assert len(proof) == len(spans)
    assert trees.includes(hashes(entries)[0], index=0, size=11, proof=proof, root=tree.root())


def test_two_workers_place_no_entry_twice_and_forget_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrating, "placed_at_once", 3)
    platform_id = new_platform()
    record(platform_id, 40)
    answers = together(*[lambda: integrating.integrate(platform_id)] * 4)
    assert sum(count for count in answers if isinstance(count, int)) == 40, answers
    assert sorted(Leaf.objects.values_list("index", flat=True)) == list(range(40))


def test_platforms_have_trees_of_their_own() -> None:
    one, other = new_platform(), new_platform()
    place(one, 3)
    place(other, 2)
    assert integrating.size_of(one) == 3
    assert integrating.size_of(other) == 2


def test_a_tree_goes_on_from_where_it_ended() -> None:
    platform_id = new_platform()
    entries = [entry for count in (1, 2, 5) for entry in place(platform_id, count)]
    whole = trees.Tree()
    for leaf in hashes(entries):
        list(whole.append(leaf))
    assert integrating.tree_of(platform_id) == whole
    assert Node.objects.count() == 2 * 8 - 1


def test_each_entry_is_proved_with_three_queries_for_all_of_them() -> None:
    platform_id = new_platform()
    entries = place(platform_id, 21)
    tree = integrating.tree_of(platform_id)
    with CaptureQueriesContext(connection) as queries:
        found = proofs.evidence_of(
            [entry.id for entry in entries], tree=tree, platform_id=platform_id, kinds=[OpeningKind.CLIENT]
        )
    assert len(queries) == 4  # entries, openings, places, nodes
    assert [one.index for one in found] == list(range(21))
    for one, leaf in zip(found, hashes(entries), strict=True):
        assert trees.includes(leaf, index=one.index or 0, size=21, proof=one.proof, root=tree.root())
    assert {shown.kind for one in found for shown in one.openings} == {"client"}


def test_an_entry_that_waits_has_no_proof_yet() -> None:
    platform_id = new_platform()
    place(platform_id, 2)
    (waiting,) = record(platform_id)
    found = proofs.evidence_of(
        [waiting.id], tree=integrating.tree_of(platform_id), platform_id=platform_id, kinds=list(OpeningKind)
    )
    assert [(one.index, one.proof, len(one.openings)) for one in found] == [(None, (), 2)]


@pytest.mark.parametrize("table", ["audit_leaf", "audit_node"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET index = 7", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_the_tree(table: str, statement: str) -> None:
    if statement.startswith("TRUNCATE") and connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE.")
    place(new_platform(), 2)
    quoted = statement.replace("index", '"index"').format(table)
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(quoted)
    assert Leaf.objects.count() == 2
