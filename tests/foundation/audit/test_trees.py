"""The tree's hashes and proofs are those of RFC 9162."""

import base64
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letterlock.foundation.audit import trees
from letterlock.foundation.audit.trees import Place, Span, Tree

others = Path(__file__).parents[4] / "shared/data/rfc9162-proofs.json"
own = json.loads((Path(__file__).parents[2] / "vectors/ledger-checkpoint/trees.json").read_text())
sizes = st.integers(1, 300)


def leaves(count: int) -> list[bytes]:
    return [trees.leaf_hash(str(number).encode()) for number in range(count)]


def grown(count: int) -> tuple[Tree, dict[Place, bytes]]:
    tree, nodes = Tree(), dict[Place, bytes]()
    for leaf in leaves(count):
        nodes.update(tree.append(leaf))
    return tree, nodes


def slow_root(hashes: list[bytes]) -> bytes:
    """Section 2.1.1 word for word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else trees.empty_root
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return trees.node_hash(slow_root(hashes[:split]), slow_root(hashes[split:]))


def cases(kind: str) -> list[Any]:
    if not others.exists():
        return [pytest.param(None, marks=pytest.mark.skip("shared/data/rfc9162-proofs.json is not there."))]
    return [pytest.param(case, id=case["case"]) for case in json.loads(others.read_text())[kind]]


def in_bytes(case: dict[str, Any], *names: str) -> list[bytes]:
    return [base64.b64decode(case[name] or "") for name in names]


def proof_of(case: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(piece) for piece in case["proof"] or []]


@pytest.mark.parametrize("case", cases("inclusion"))
def test_every_inclusion_proof_of_others_is_judged_rightly(case: dict[str, Any]) -> None:
    root, leaf = in_bytes(case, "root", "leafHash")
    holds = trees.includes(leaf, index=case["leafIdx"], size=case["treeSize"], proof=proof_of(case), root=root)
    assert holds is not case["wantErr"]


@pytest.mark.parametrize("case", cases("consistency"))
def test_every_consistency_proof_of_others_is_judged_rightly(case: dict[str, Any]) -> None:
    old_root, new_root = in_bytes(case, "root1", "root2")
    holds = trees.extends(
        old=case["size1"], old_root=old_root, new=case["size2"], new_root=new_root, proof=proof_of(case)
    )
    assert holds is not case["wantErr"]


@pytest.mark.parametrize("vector", own, ids=lambda vector: str(len(vector["leaves"])))
def test_each_vector_has_its_root_and_proofs(vector: dict[str, Any]) -> None:
    tree, nodes = Tree(), dict[Place, bytes]()
    for leaf in vector["leaves"]:
        nodes.update(tree.append(trees.leaf_hash(bytes.fromhex(leaf))))
    assert tree.root().hex() == vector["root"]
    for index, proof in enumerate(vector["inclusion"]):
        found = trees.hashes_of(trees.inclusion_spans(index, tree.size), nodes=nodes)
        assert [piece.hex() for piece in found] == proof
    for old, proof in enumerate(vector["consistency"], start=1):
        found = trees.hashes_of(trees.consistency_spans(old, tree.size), nodes=nodes)
        assert [piece.hex() for piece in found] == proof


@given(size=st.integers(0, 300))
def test_a_tree_that_grew_has_the_root_of_the_definition(size: int) -> None:
    assert grown(size)[0].root() == slow_root(leaves(size))


@given(size=sizes, data=st.data())
def test_every_leaf_can_be_proved_and_no_other_in_its_place(size: int, data: st.DataObject) -> None:
    tree, nodes = grown(size)
    index = data.draw(st.integers(0, size - 1))
    proof = trees.hashes_of(trees.inclusion_spans(index, size), nodes=nodes)
    leaf, given_ = leaves(size)[index], {"size": size, "proof": proof, "root": tree.root()}
    assert trees.includes(leaf, index=index, **given_)
    assert not trees.includes(trees.leaf_hash(b"another"), index=index, **given_)
    assert not any(trees.includes(leaf, index=other, **given_) for other in range(size) if other != index)


@given(old=sizes, more=st.integers(0, 300), data=st.data())
def test_every_earlier_tree_can_be_proved_and_no_other(old: int, more: int, data: st.DataObject) -> None:
    tree, nodes = grown(old + more)
    proof = trees.hashes_of(trees.consistency_spans(old, old + more), nodes=nodes)
    given_ = {"new": old + more, "new_root": tree.root(), "proof": proof}
    assert trees.extends(old=old, old_root=slow_root(leaves(old)), **given_)
    wrong = data.draw(st.integers(0, old - 1))
    changed = [trees.leaf_hash(b"another") if number == wrong else leaf for number, leaf in enumerate(leaves(old))]
    assert not trees.extends(old=old, old_root=slow_root(changed), **given_)


@given(index=st.integers(0, 999_999))
def test_a_proof_at_a_million_entries_reads_the_head_and_at_most_19_nodes(index: int) -> None:
    peaks = set(trees.cover(Span(0, 1_000_000)))
    assert len(trees.places_of(trees.inclusion_spans(index, 1_000_000)) - peaks) <= 19


@given(size=st.integers(1, 1_000_000))
def test_a_consistency_proof_reads_few_nodes_too(size: int) -> None:
    peaks = set(trees.cover(Span(0, 1_000_000)))
    assert len(trees.places_of(trees.consistency_spans(size, 1_000_000)) - peaks) <= 20


@given(size=st.integers(0, 10**12))
def test_peaks_cover_a_tree_without_gap_from_large_to_small(size: int) -> None:
    places = trees.cover(Span(0, size))
    ends = [place.number + 1 << place.level for place in places]
    assert [place.number << place.level for place in places] == [0, *ends][:-1] if places else size == 0
    assert all(one.level > other.level for one, other in pairwise(places))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="has no leaf"):
        trees.inclusion_spans(index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_there_is_no_proof_of_a_tree_that_never_was(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="cannot extend"):
        trees.consistency_spans(old, new)
