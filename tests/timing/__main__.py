"""Times the doors at which somebody could ask who is there, against a real server, and says what can be told apart."""

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from tests.journeys.product import Product, run_product
from tests.timing.clocks import Clock, by_the_processor, over_the_line, set_up
from tests.timing.questions import Question, questions
from tests.timing.ranks import Comparison, compare, holm

Samples = dict[str, list[float]]
warming = 10
told_apart_below = 0.01


def main() -> None:
    """Samples are interleaved at random, so that whatever else the machine does hits every kind alike."""
    given = _read_arguments()
    with run_product() as product:
        _say(f"Making {given.samples} people of each kind …")
        world = json.loads(_populate(product, given.samples))
        wanted = [one for one in questions(world) if given.only in one.name]
        with (by_the_processor if given.cpu else over_the_line)(product) as clock:
            taken = [(question, _sample(clock, question, count=given.samples)) for question in wanted]
    _report(taken, count=given.samples)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/timing", description=__doc__)
    parser.add_argument("--samples", type=int, default=400, help="how many of each kind")
    parser.add_argument("--only", default="", help="a part of a question's name")
    parser.add_argument("--cpu", action="store_true", help="count the processor's work instead of the time on the line")
    return parser.parse_args()


def _populate(product: Product, count: int) -> str:
    made = subprocess.run(
        [sys.executable, "-c", set_up, "tests.timing.populating", str(count)],
        env=product.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise SystemExit(made.stderr)
    return made.stdout.splitlines()[-1]


def _sample(clock: Clock, question: Question, *, count: int) -> Samples:
    """Microseconds by kind."""
    order = [kind for kind in question.kinds for _ in range(count)]
    random.shuffle(order)
    samples: Samples = {kind: [] for kind in question.kinds}
    statuses: dict[str, set[int]] = {kind: set() for kind in question.kinds}
    for place, kind in enumerate([*order[:warming], *order]):
        taken, status = clock.time(question.kinds[kind]())
        statuses[kind].add(status)
        if place >= warming:
            samples[kind].append(taken)
    if len({frozenset(each) for each in statuses.values()}) > 1:
        raise SystemExit(f"{question.name}: the statuses differ: {statuses}")
    _say(f"{question.name}: {len(order)} requests, answered {sorted(set.union(*statuses.values()))}")
    return samples


def _report(taken: list[tuple[Question, Samples]], *, count: int) -> None:
    compared = [
        (question, kind, samples, compare(samples[next(iter(samples))], samples[kind]))
        for question, samples in taken
        for kind in list(samples)[1:]
    ]
    corrected = holm(comparison.probability for *_rest, comparison in compared)
    _say(f"\n{count} samples of each kind. Shifts are differences of medians, with what 95 % of resamples say.\n")
    _say("| door | kind | median | shift | 95 % | slower in | p (Holm) | told apart |\n|" + " --- |" * 8)
    for (question, kind, samples, comparison), probability in zip(compared, corrected, strict=True):
        _say(" | ".join(_cells(question, kind, samples, comparison, probability)))
    apart = [one for one, p in zip(compared, corrected, strict=True) if p < told_apart_below]
    wrong = [f"{question.name}: {kind}" for question, kind, *_rest in apart if kind not in question.may_differ]
    _say("\nTold apart, and not on purpose: " + ("; ".join(wrong) or "nothing."))
    sys.exit(bool(wrong))


def _cells(
    question: Question, kind: str, samples: Samples, comparison: Comparison, probability: float
) -> Iterator[str]:
    low, high = comparison.shift_interval
    purpose = " (on purpose)" if kind in question.may_differ else ""
    yield f"| {question.name}"
    yield f"{kind}{purpose}"
    yield f"{median(samples[kind]) / 1000:.2f} ms"
    yield f"{comparison.shift:+.0f} µs"
    yield f"{low:+.0f} … {high:+.0f}"
    yield f"{comparison.later:.1%}"
    yield f"{probability:.3f}"
    yield ("**yes**" if probability < told_apart_below else "no") + " |"


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
