"""Proofs from the stored nodes: at a million entries one of inclusion reads the head and 19 nodes, in two queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from letterlock.foundation.audit import trees
from letterlock.foundation.audit.models import Entry, Leaf, Node, OpeningKind
from letterlock.foundation.audit.trees import Place, Tree

_read_at_once = 5000


@dataclass(frozen=True)
class Shown:
    """The opening of one commitment."""

    kind: str
    salt: bytes
    value: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One entry as it can be shown to others. `index` is None and `proof` empty while it waits for its place."""

    entry_id: UUID
    leaf: bytes
    openings: tuple[Shown, ...]
    index: int | None
    proof: tuple[bytes, ...]


def evidence_of(
    entry_ids: Collection[UUID], *, tree: Tree, platform_id: UUID, kinds: Collection[OpeningKind]
) -> list[Evidence]:
    """The entries with their proofs of inclusion in `tree`, in the order of recording; openings of these kinds only."""
    entries = Entry.objects.filter(platform_id=platform_id, id__in=entry_ids).order_by("id")
    found = list(entries.prefetch_related("openings"))
    places = Leaf.objects.filter(platform_id=platform_id, entry_id__in=entry_ids, index__lt=tree.size)
    indexes = dict(places.values_list("entry_id", "index"))
    spans = {index: trees.inclusion_spans(index, tree.size) for index in indexes.values()}
    nodes = _nodes(trees.places_of(span for path in spans.values() for span in path), tree, platform_id=platform_id)
    proofs = {index: trees.hashes_of(path, nodes=nodes) for index, path in spans.items()}
    return [_evidence(entry, index=indexes.get(entry.id), proofs=proofs, kinds=kinds) for entry in found]


def consistency_of(old: int, *, tree: Tree, platform_id: UUID) -> tuple[bytes, ...]:
    """The proof that the first `old` entries of `tree` are still what they were. ValueError unless 0 < old ≤ size."""
    spans = trees.consistency_spans(old, tree.size)
    nodes = _nodes(trees.places_of(spans), tree, platform_id=platform_id)
    return trees.hashes_of(spans, nodes=nodes)


def _evidence(
    entry: Entry, *, index: int | None, proofs: dict[int, tuple[bytes, ...]], kinds: Collection[OpeningKind]
) -> Evidence:
    openings = sorted(entry.openings.all(), key=lambda opening: opening.kind)
    return Evidence(
        entry_id=entry.id,
        leaf=bytes(entry.leaf),
        openings=tuple(Shown(one.kind, bytes(one.salt), one.value) for one in openings if one.kind in kinds),
        index=index,
        proof=() if index is None else proofs[index],
    )


def _nodes(places: Iterable[Place], tree: Tree, *, platform_id: UUID) -> dict[Place, bytes]:
    """The hashes of these nodes: peaks from the tree, the others from their rows."""
    known = tree.known()
    return known | stored_nodes(set(places) - set(known), platform_id=platform_id)


def stored_nodes(places: Iterable[Place], *, platform_id: UUID) -> dict[Place, bytes]:
    """The hashes of those of these nodes that are stored."""
    found, wanted = dict[Place, bytes](), sorted(places)
    for start in range(0, len(wanted), _read_at_once):
        rows = Node.objects.filter(_any_of(wanted[start : start + _read_at_once]), platform_id=platform_id)
        for level, index, digest in rows.values_list("level", "index", "hash"):
            found[Place(level, index)] = bytes(digest)
    return found


def _any_of(places: Iterable[Place]) -> Q:
    by_level = dict[int, list[int]]()
    for place in places:
        by_level.setdefault(place.level, []).append(place.number)
    return reduce(or_, (Q(level=level, index__in=indexes) for level, indexes in by_level.items()))
