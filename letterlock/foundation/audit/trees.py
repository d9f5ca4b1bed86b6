"""The Merkle tree of RFC 9162, section 2.1, as pure functions: hashes, growing, proofs and their checks.

A *node* is a perfect subtree: level 0 are the leaves, node (level, number) stands on the leaves from number · 2^level.
Nodes never change once they are whole, so they can be stored insert-only. *Peaks* are the nodes that together cover
a tree, from left to right; what is not yet a node is computed from them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

hash_bytes = 32
empty_root = sha256(b"").digest()


class Place(NamedTuple):
    """Where a node stands."""

    level: int
    number: int


class Span(NamedTuple):
    """The leaves from `start`, included, to `end`, not included."""

    start: int
    end: int


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


@dataclass
class Tree:
    """A tree that grows: its size and peaks are all it needs to remember."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> Iterator[tuple[Place, bytes]]:
        """Add the hash of a leaf; the nodes that are whole by it, from the leaf upwards."""
        digest, place = leaf, Place(0, self.size)
        yield place, digest
        while place.number & 1:
            digest, place = node_hash(self.peaks.pop(), digest), Place(place.level + 1, place.number >> 1)
            yield place, digest
        self.peaks.append(digest)
        self.size += 1

    def root(self) -> bytes:
        return join(self.peaks)

    def known(self) -> dict[Place, bytes]:
        """The peaks, each with its place."""
        return dict(zip(cover(Span(0, self.size)), self.peaks, strict=True))


def cover(span: Span) -> list[Place]:
    """The nodes that cover a subtree of RFC 9162, from left to right; a perfect one is covered by itself."""
    places, start = list[Place](), span.start
    while start < span.end:
        level = (span.end - start).bit_length() - 1
        places.append(Place(level, start >> level))
        start += 1 << level
    return places


def join(hashes: Sequence[bytes]) -> bytes:
    """The hash of the tree that these nodes cover."""
    if not hashes:
        return empty_root
    digest = hashes[-1]
    for left in reversed(hashes[:-1]):
        digest = node_hash(left, digest)
    return digest


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The subtrees whose hashes prove that the leaf at `index` is in the tree (section 2.1.3.1), in their order."""
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    spans, start, end = list[Span](), 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """The subtrees whose hashes prove that the tree of `old` leaves begins that of `new` (section 2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError(f"A tree of {new} leaves cannot extend one of {old}.")
    spans, start, end = list[Span](), 0, new
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(start, middle))
            start = middle
    return ([Span(start, end)] if start else []) + spans[::-1]


def places_of(spans: Iterable[Span]) -> set[Place]:
    """The stored nodes that the hashes of these subtrees are made of."""
    return {place for span in spans for place in cover(span)}


def hashes_of(spans: Iterable[Span], *, nodes: Mapping[Place, bytes]) -> tuple[bytes, ...]:
    """The hash of each subtree. KeyError when a node is missing."""
    return tuple(join([nodes[place] for place in cover(span)]) for span in spans)


def includes(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the hash of the leaf to the root (section 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    place, last, digest = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            digest = node_hash(sibling, digest)
            place, last = _skip_left_edge(place, last)
        else:
            digest = node_hash(digest, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and digest == root


def extends(*, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `old` leaves begins that of `new` (section 2.1.4.2)."""
    if not 0 < old <= new or not _are_hashes(*proof):
        return False
    if old == new or not proof:
        return old == new and not proof and old_root == new_root
    pieces = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = _strip_ones(old - 1, new - 1)
    first = second = pieces[0]
    for piece in pieces[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(piece, first), node_hash(piece, second)
            place, last = _skip_left_edge(place, last)
        else:
            second = node_hash(second, piece)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _are_hashes(*candidates: bytes) -> bool:
    return all(len(candidate) == hash_bytes for candidate in candidates)


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _strip_ones(place: int, last: int) -> tuple[int, int]:
    while place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _skip_left_edge(place: int, last: int) -> tuple[int, int]:
    """At the right edge of a ragged tree, go up to where the subtree is a right child."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last
