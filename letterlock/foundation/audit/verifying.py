"""Recomputing a ledger from nothing: every leaf, commitment, place and node, and the checkpoints that were kept.

Nothing is believed: hashes are computed from the entries and compared with what is stored. Without a checkpoint from
outside the database this shows only that the database agrees with itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet

from letterlock.foundation.audit import encoding, integrating, notes, proofs, trees
from letterlock.foundation.audit.models import Entry, Leaf, Node, Pending
from letterlock.foundation.audit.notes import Checkpoint, Key, NoteError
from letterlock.foundation.audit.trees import Place, Tree

_read_at_once = 1000


@dataclass(frozen=True)
class Wrong:
    """One thing that is not as it was written. `index` counts entries from 0 and is None where none is to blame."""

    sentence: str
    index: int | None = None
    entry_id: UUID | None = None

    def explain(self) -> str:
        if self.index is None and self.entry_id is None:
            return self.sentence
        number = "without a place" if self.index is None else f"{self.index}"
        name = f" ({self.entry_id})" if self.entry_id else ""
        return f"Entry {number}{name}: {self.sentence}"


@dataclass(kw_only=True)
class Verdict:
    """What was found; the wrongs in the order of the ledger, those of no entry last.

    `size` and `root` are recomputed. `waiting` entries have no place yet, `erased` details no opening any more.
    `vouched` is the size of the largest checkpoint that fits, None without one.
    """

    size: int = 0
    root: bytes = trees.empty_root
    waiting: int = 0
    erased: int = 0
    vouched: int | None = None
    wrongs: list[Wrong] = field(default_factory=list)


def verify(
    platform_id: UUID,
    *,
    checkpoints: Mapping[str, str],
    keys: Sequence[Key],
    tell: Callable[[int, int], None] = lambda _done, _of: None,
) -> Verdict:
    """Check the whole ledger, and each checkpoint (by the name to call it by) against it.

    The service may go on meanwhile: what is placed later is left for the next time. `tell` hears now and then how many
    entries are done, of how many.
    """
    wrongs = list[Wrong]()
    signed = dict(_signed(checkpoints, keys=keys, wrongs=wrongs))
    walk = _Walk(platform_id, sizes={one.size for one in signed.values()}, tell=tell)
    wrongs.extend(walk.wrongs())
    wrongs.extend(_loose_rows(platform_id))
    vouched = [one.size for one in signed.values() if walk.roots.get(one.size) == one.root]
    wrongs.extend(_unmet(signed, walk))
    return Verdict(
        size=walk.tree.size,
        root=walk.tree.root(),
        waiting=Pending.objects.filter(platform_id=platform_id).count(),
        erased=walk.erased,
        vouched=max(vouched, default=None),
        wrongs=sorted(wrongs, key=lambda wrong: (wrong.index is None, wrong.index or 0)),
    )


class _Walk:
    """Grows the tree anew from the entries, and remembers its roots at the sizes asked for."""

    def __init__(self, platform_id: UUID, *, sizes: set[int], tell: Callable[[int, int], None]) -> None:
        self.platform_id = platform_id
        self.sizes = sizes
        self._tell = tell
        self.tree = Tree()
        self.roots = {0: trees.empty_root}
        self.erased = 0
        self._upto = integrating.size_of(platform_id)

    def wrongs(self) -> Iterator[Wrong]:
        """Ends where the tree cannot be grown any further, as after an entry that is missing."""
        while self.tree.size < self._upto:
            made, entries = dict[Place, bytes](), list[Entry]()
            for leaf in self._next_leaves():
                if leaf.index != self.tree.size:
                    break
                entries.append(leaf.entry)
                yield from self._take(leaf, made)
            yield from self._wrong_nodes(made, entries)
            self._tell(self.tree.size, self._upto)
            if len(entries) < min(_read_at_once, self._upto - (self.tree.size - len(entries))):
                yield Wrong("it is missing.", self.tree.size)
                return
        yield from self._wrong_head()

    def _next_leaves(self) -> QuerySet[Leaf]:
        """In their order. A leaf whose entry is gone is not among them."""
        leaves = Leaf.objects.filter(platform_id=self.platform_id, index__gte=self.tree.size, index__lt=self._upto)
        return leaves.order_by("index").select_related("entry").prefetch_related("entry__openings")[:_read_at_once]

    def _take(self, leaf: Leaf, made: dict[Place, bytes]) -> Iterator[Wrong]:
        made.update(self.tree.append(trees.leaf_hash(bytes(leaf.entry.leaf))))
        if self.tree.size in self.sizes:
            self.roots[self.tree.size] = self.tree.root()
        try:
            fact = encoding.decode(bytes(leaf.entry.leaf))
        except ValueError:
            yield Wrong("its leaf is not the encoding of a fact.", leaf.index, leaf.entry_id)
            return
        for sentence in [*_wrong_columns(leaf.entry, fact), *_wrong_openings(leaf.entry, fact)]:
            yield Wrong(sentence, leaf.index, leaf.entry_id)
        self.erased += len(fact.commitments) - len(leaf.entry.openings.all())

    def _wrong_nodes(self, made: Mapping[Place, bytes], entries: Sequence[Entry]) -> Iterator[Wrong]:
        """Every entry that is not the one its place was given to; or else the first node above that differs."""
        stored = proofs.stored_nodes(made, platform_id=self.platform_id)
        wrong = sorted(place for place in made if stored.get(place) != made[place])
        start = self.tree.size - len(entries)
        for place in wrong:
            if place.level == 0:
                sentence = "it is not what was placed here: changed, swapped, put in or moved."
                yield Wrong(sentence, place.number, entries[place.number - start].id)
        if wrong and wrong[0].level > 0:
            first, last = wrong[0].number << wrong[0].level, ((wrong[0].number + 1) << wrong[0].level) - 1
            yield Wrong(f"the node of the tree above it and all up to {last} was changed or is missing.", first)

    def _wrong_head(self) -> Iterator[Wrong]:
        stored = integrating.tree_of(self.platform_id)
        if stored.size == self.tree.size and stored.peaks != self.tree.peaks:
            yield Wrong("The stored end of the tree is not the one that the entries make.")


def _wrong_columns(entry: Entry, fact: encoding.Leaf) -> Iterator[str]:
    columns = {
        "platform": (fact.platform_id, entry.platform_id),
        "id": (fact.entry_id, entry.id),
        "event": (fact.event, entry.event),
        "time": (fact.at, entry.at),
        "subject": (fact.subject_id, entry.subject_id),
        "object": (fact.object_id, entry.object_id),
    }
    for name, (proven, stored) in columns.items():
        if proven != stored:
            yield f"its {name} was changed: the leaf has {proven}, the row {stored}."


def _wrong_openings(entry: Entry, fact: encoding.Leaf) -> Iterator[str]:
    for one in entry.openings.all():
        if not encoding.opens(fact, kind=one.kind, salt=bytes(one.salt), value=one.value):
            yield f"its {one.kind} was changed: it does not open the commitment."


def _loose_rows(platform_id: UUID) -> Iterator[Wrong]:
    """Rows outside of the tree that no recording and no integration leaves."""
    entries = Entry.objects.filter(platform_id=platform_id).order_by("id")
    # In this tree and for this tree: with a place in another one an entry would be read here and proved nowhere.
    places = Leaf.objects.filter(entry_id=OuterRef("id"), platform_id=platform_id, index__gte=0)
    waiting = Pending.objects.filter(entry_id=OuterRef("id"), platform_id=platform_id)
    for entry_id in entries.exclude(Exists(places) | Exists(waiting)).values_list("id", flat=True):
        yield Wrong("it has no place and does not wait for one: put in, or taken out of the tree.", None, entry_id)
    for entry_id in entries.exclude(place=None).exclude(pending=None).values_list("id", flat=True):
        yield Wrong("it has a place and waits for another: the waiting list was changed.", None, entry_id)
    yield from _beyond_the_end(platform_id)


def _beyond_the_end(platform_id: UUID) -> Iterator[Wrong]:
    # The head is read last: whoever places entries meanwhile makes it larger, never smaller.
    places = Leaf.objects.filter(platform_id=platform_id, index__gte=integrating.size_of(platform_id))
    first, nodes = places.order_by("index").first(), _last_nodes(platform_id)
    size = integrating.size_of(platform_id)
    if first is not None and first.index >= size:
        sentence = "its place is beyond the end of the tree: the end was moved, or it was put in."
        yield Wrong(sentence, first.index, first.entry_id)
    elif any(last >= size >> level for level, last in nodes):
        yield Wrong("There are nodes beyond the end of the tree: the end was moved, or they were put in.")


def _last_nodes(platform_id: UUID) -> list[tuple[int, int]]:
    by_level = Node.objects.filter(platform_id=platform_id).order_by("level").values("level")
    return [(row["level"], row["last"]) for row in by_level.annotate(last=Max("index"))]


def _signed(
    checkpoints: Mapping[str, str], *, keys: Sequence[Key], wrongs: list[Wrong]
) -> Iterator[tuple[str, Checkpoint]]:
    for name, note in checkpoints.items():
        try:
            yield name, notes.read_checkpoint(notes.open_with_any(note, keys=keys))
        except NoteError as bad:
            wrongs.append(Wrong(f"The checkpoint {name} vouches for nothing: {bad}"))


def _unmet(signed: Mapping[str, Checkpoint], walk: _Walk) -> Iterator[Wrong]:
    for name, one in sorted(signed.items(), key=lambda pair: pair[1].size):
        if one.size > walk.tree.size:
            yield Wrong(f"The checkpoint {name} vouches for {one.size} entries; only {walk.tree.size} can be followed.")
        elif walk.roots[one.size] != one.root:
            yield Wrong(f"The first {one.size} entries are not those that the checkpoint {name} vouches for.")
