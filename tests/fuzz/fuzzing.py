"""What a target is, and how it is run: some inputs in the suite, as many as there is time for by `bin/fuzz`."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.strategies import SearchStrategy

kept = Path(__file__).resolve().parents[2] / "var/fuzz"
inputs_in_the_suite = 60
inputs_a_round = 500
#: Of the processor, not of the clock: what else the machine does has no part in it.
most_seconds_for_one_input = 4.0


@dataclass(frozen=True, kw_only=True)
class Target:
    """A parser, with the one way in which it says no.

    `read` is handed an input; besides parsing it asserts what is promised of whatever was accepted. `findings` are
    inputs that once broke it, tried first in every run.
    """

    name: str
    inputs: SearchStrategy[Any]
    read: Callable[[Any], object]
    refuses: tuple[type[Exception], ...] = ()
    findings: tuple[Any, ...] = ()


def run(target: Target, *, inputs: int = inputs_in_the_suite, round_number: int | None = None) -> None:
    """Try so many inputs. Raises what the parser raised, with the smallest input that makes it do so."""
    trial: Any = given(typed=target.inputs)(lambda typed: _try(target, typed))
    for finding in target.findings:
        trial = example(typed=finding)(trial)
    if round_number is None:
        how = settings(max_examples=inputs, derandomize=True, database=None)
    else:
        trial = seed(round_number)(trial)
        how = settings(max_examples=inputs, database=DirectoryBasedExampleDatabase(kept / target.name))
    phases = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
    settings(how, deadline=None, phases=phases, suppress_health_check=list(HealthCheck))(trial)()


def run_for(target: Target, *, minutes: float, say: Callable[[str], None]) -> None:
    """Rounds with ever other inputs until the time is over, each with a line of progress."""
    started = time.monotonic()
    for number in _rounds(until=started + 60 * minutes):
        run(target, inputs=inputs_a_round, round_number=time.time_ns())
        spent = time.monotonic() - started
        say(f"  {target.name:<24} {(number + 1) * inputs_a_round:>9,} inputs  {spent:>5.0f} of {60 * minutes:.0f} s")


def _rounds(*, until: float) -> Iterator[int]:
    number = 0
    while number == 0 or time.monotonic() < until:
        yield number
        number += 1


def _try(target: Target, typed: Any) -> None:
    began = time.process_time()
    with suppress(*target.refuses):
        target.read(typed)
    spent = time.process_time() - began
    assert spent < most_seconds_for_one_input, f"{target.name} was at one input for {spent:.1f} s of the processor."
