"""Placing entries in their platform's tree: durable first, integrated second.

What waits is taken from `Pending`, never from a cursor over ids: a transaction that commits late brings an entry with
an early id, and a cursor would have passed it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from letterlock.foundation.audit import trees
from letterlock.foundation.audit.models import Entry, Head, Leaf, Node, Pending
from letterlock.foundation.audit.trees import Place, Tree
from letterlock.foundation.kernel import transactions

placed_at_once = 500


def waiting_platforms() -> list[UUID]:
    """The platforms that have entries without a place."""
    return list(Pending.objects.order_by("platform_id").values_list("platform_id", flat=True).distinct())


def integrate(platform_id: UUID) -> int:
    """Place every entry that waits, in short transactions; the number placed. Others may try at the same time."""
    placed = 0
    while count := _place_some(platform_id):
        placed += count
    return placed


def tree_of(platform_id: UUID) -> Tree:
    """The tree as the last integration left it; empty before the first."""
    head = Head.objects.filter(platform_id=platform_id).first()
    return _tree(head) if head else Tree()


def size_of(platform_id: UUID) -> int:
    """How many entries have a place."""
    return Head.objects.filter(platform_id=platform_id).values_list("size", flat=True).first() or 0


def sizes() -> dict[UUID, int]:
    """How many entries have a place, for every platform that has any."""
    return dict(Head.objects.filter(size__gt=0).values_list("platform_id", "size"))


def is_waiting(platform_id: UUID, *, since: datetime) -> bool:
    """Whether a fact from before `since` still has no place."""
    return Pending.objects.filter(platform_id=platform_id, entry__at__lt=since).exists()


def was_placed(platform_id: UUID, *, index: int, before: datetime) -> bool:
    """Whether the place at `index` is taken, by a fact from before that instant."""
    return Leaf.objects.filter(platform_id=platform_id, index=index, entry__at__lt=before).exists()


@transactions.opened
def _place_some(platform_id: UUID) -> int:
    # The lock is granted to one worker at a time; what it reads afterwards is what the one before has committed.
    Head.objects.bulk_create([Head(platform_id=platform_id)], ignore_conflicts=True)
    head = Head.objects.select_for_update().get(platform_id=platform_id)
    waiting = Entry.objects.filter(pending__platform_id=platform_id).order_by("id")[:placed_at_once]
    entries = list(waiting.only("id", "leaf"))
    if entries:
        _place(entries, head)
    return len(entries)


def _place(entries: Sequence[Entry], head: Head) -> None:
    tree, nodes = _tree(head), list[tuple[Place, bytes]]()
    leaves = [
        Leaf(entry=entry, platform_id=head.platform_id, index=index)
        for index, entry in enumerate(entries, start=tree.size)
    ]
    for entry in entries:
        nodes.extend(tree.append(trees.leaf_hash(bytes(entry.leaf))))
    Leaf.objects.bulk_create(leaves)
    Node.objects.bulk_create(
        Node(platform_id=head.platform_id, level=place.level, index=place.number, hash=digest)
        for place, digest in nodes
    )
    Pending.objects.filter(entry_id__in=[entry.id for entry in entries]).delete()
    Head.objects.filter(platform_id=head.platform_id).update(size=tree.size, peaks=b"".join(tree.peaks))


def _tree(head: Head) -> Tree:
    peaks, width = bytes(head.peaks), trees.hash_bytes
    return Tree(head.size, [peaks[start : start + width] for start in range(0, len(peaks), width)])
