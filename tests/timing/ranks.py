"""Whether two samples of times can be told apart, and by how much.

A permutation test on the sum of ranks: the distribution under "no difference" is drawn, not looked up, so nothing is
assumed of its shape. Times have long tails, and ranks do not mind them.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

permutations = 4_000
resamples = 1_000


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """`later` is how often one of the second kind took longer than one of the first: a half if nothing tells them."""

    probability: float
    later: float
    shift: float
    shift_interval: tuple[float, float]


def compare(first: Sequence[float], second: Sequence[float], *, seed: int = 1) -> Comparison:
    """The second sample against the first; shifts are differences of medians, in the unit of the samples."""
    dice = random.Random(seed)
    ranks = _ranks([*first, *second])
    size, mean = len(second), (len(first) + len(second) + 1) / 2
    observed = sum(ranks[len(first) :]) - size * mean
    drawn = (abs(sum(dice.sample(ranks, size)) - size * mean) for _ in range(permutations))
    extreme = sum(each >= abs(observed) for each in drawn)
    shifts = sorted(_median_shift(first, second, dice) for _ in range(resamples))
    return Comparison(
        probability=(extreme + 1) / (permutations + 1),
        later=observed / (len(first) * size) + 0.5,
        shift=median(second) - median(first),
        shift_interval=(shifts[int(0.025 * resamples)], shifts[int(0.975 * resamples)]),
    )


def holm(probabilities: Iterable[float]) -> list[float]:
    """The same, corrected for how many were looked at (Holm 1979)."""
    given = list(probabilities)
    corrected, highest = [0.0] * len(given), 0.0
    for place, at in enumerate(sorted(range(len(given)), key=given.__getitem__)):
        highest = max(highest, min(1.0, (len(given) - place) * given[at]))
        corrected[at] = highest
    return corrected


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks, start = [0.0] * len(values), 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in range(start, end):
            ranks[order[place]] = (start + end + 1) / 2
        start = end
    return ranks


def _median_shift(first: Sequence[float], second: Sequence[float], dice: random.Random) -> float:
    return median(dice.choices(second, k=len(second))) - median(dice.choices(first, k=len(first)))
