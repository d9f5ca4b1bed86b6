"""Rounds of crashes: somebody does something, the machine dies at some instant and comes back, everything is looked at.

`bin/crash` runs hundreds of them; `test_crashes` a few. Every instant that a rehearsal meets gets its turn, and every
fourth round dies at a random time instead.
"""

import argparse
import json
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.fire.burning import Burning, Instant, run_burning
from tests.fire.errands import Cast, Errand, errands
from tests.fire.visiting import UnansweredError
from tests.patience import page_seconds, wait_until

longest_act_seconds = 2.5  # random deaths come within this time of the beginning
random_every = 4
newest = 12  # messages that are looked at after each round; all of them at the end
all_of_them = 1_000_000


@dataclass
class Fire:
    """A running product, and what became of it so far."""

    product: Burning
    cast: Cast = field(init=False)
    wrongs: list[str] = field(default_factory=list)
    missed: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.cast = Cast(self.product)

    def rehearse(self, name: str) -> list[Instant]:
        """Every instant of this errand at which somebody may die, in the order in which they come."""
        errand, notes = self._prepared(name), self.product.folder / f"instants-{name}"
        notes.touch()
        self.product.note_instants(notes)
        errand.act()
        self.product.drain()
        self._await_tree()
        self.product.disarm()
        lines = dict.fromkeys(notes.read_text().splitlines())
        return [Instant(**json.loads(line)) for line in lines]

    def burn(self, name: str, instant: Instant) -> list[str]:
        """One round that dies at this instant; what is wrong afterwards."""
        errand = self._prepared(name)
        self.product.arm(instant)
        self._act(errand)
        if self._dies():
            self.met[str(instant)] += 1
            self.product.await_death()
        else:
            self.missed[str(instant)] += 1
            self.product.kill()
        return self._recover(errand)

    def burn_after(self, name: str, seconds: float) -> list[str]:
        """One round that dies after this time, wherever that is."""
        errand = self._prepared(name)
        timer = threading.Timer(seconds, self.product.kill)
        timer.start()
        self._act(errand)
        timer.join()
        self.met["at a random time"] += 1
        return self._recover(errand)

    def _prepared(self, name: str) -> Errand:
        errand = errands[name](self.product, self.cast)
        errand.prepare()
        errand.product.drain()
        return errand

    def _act(self, errand: Errand) -> None:
        with suppress(UnansweredError):
            errand.act()

    def _dies(self) -> bool:
        deadline = time.monotonic() + page_seconds
        while self.product.is_alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        return not self.product.is_alive()

    def _recover(self, errand: Errand) -> list[str]:
        self.product.rise()
        try:
            errand.go_on()
            self.product.drain()
            found = errand.wrong()
            self.product.drain()  # looking is done as people do it, by opening letters: that is told of too
            found += self._look(newest)
        except (AssertionError, UnansweredError) as stuck:
            found = [f"Somebody cannot go on: {str(stuck)[:600]}"]
        self.wrongs += found
        return found

    def finish(self) -> list[str]:
        """Look at everything, sweep what crashes left behind, look again."""
        self._await_tree()
        found = self._look(all_of_them)
        swept = self.product.ask("sweep")
        found += ["Shares that nobody names are left after the sweep."] if swept["left"] else []
        found += self._look(all_of_them)
        self.wrongs += found
        return found

    def _await_tree(self) -> None:
        wait_until(lambda: self.product.ask("unplaced") == 0, "every entry has its place", self.product.logs)

    def _look(self, count: int) -> list[str]:
        found: list[str] = self.product.ask("look", newest=count)
        return found


@contextmanager
def set_fire() -> Iterator[Fire]:
    """A product to be killed, until the end of the block."""
    with run_burning() as product:
        yield Fire(product)


def plan(
    instants: dict[str, list[Instant]], rounds: int, *, chance: random.Random
) -> Iterator[tuple[str, Instant | None]]:
    """Each instant in turn, errand by errand, shuffled; nobody's instant every fourth time."""
    every = [(name, instant) for name, found in instants.items() for instant in found]
    waiting: list[tuple[str, Instant]] = []
    for number in range(rounds):
        if number % random_every == random_every - 1:
            yield chance.choice(sorted(instants)), None
            continue
        if not waiting:
            waiting = chance.sample(every, len(every))
        yield waiting.pop()


def main() -> int:
    """So many rounds, with a line for each; 1 when anything was wrong."""
    options = _read_options()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: sys.exit(130))  # what was started is stopped on the way out
    chance = random.Random(options.seed)
    started = time.monotonic()
    with set_fire() as fire:
        instants = {name: fire.rehearse(name) for name in errands}
        total = sum(map(len, instants.values()))
        _say(f"{total} instants: " + ", ".join(f"{name} {len(found)}" for name, found in instants.items()))
        for number, (name, instant) in enumerate(plan(instants, options.rounds, chance=chance), start=1):
            seconds = chance.uniform(0, longest_act_seconds)
            found = fire.burn(name, instant) if instant else fire.burn_after(name, seconds)
            mark = "✗" if found else "✓"
            where = str(instant) if instant else f"after {seconds:.2f} s"
            _say(f"{mark} {number:>3}/{options.rounds}  {name:<11} {where}", *(f"      {one}" for one in found))
        fire.finish()
        _sum_up(fire, total, rounds=options.rounds, minutes=(time.monotonic() - started) / 60)
    return 1 if fire.wrongs else 0


def _sum_up(fire: Fire, total: int, *, rounds: int, minutes: float) -> None:
    random_rounds = fire.met.pop("at a random time", 0)
    _say(
        "",
        f"{rounds} rounds in {minutes:.0f} minutes: {fire.met.total()} deaths at {len(fire.met)} of {total} instants, "
        f"{random_rounds} at random times, {fire.missed.total()} instants that did not come again.",
        *(f"  did not come again: {instant}" for instant in sorted(fire.missed)),
        *([f"✗ {len(fire.wrongs)} things were wrong:", *fire.wrongs] if fire.wrongs else ["✓ Nothing was wrong."]),
    )


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/crash", description="Kill the product again and again, and look.")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1, help="the same seed dies in the same order (1)")
    return parser.parse_args()


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
