"""`bin/bench letter`: fill the stores, ask them, write down what came of it.

Run it on a machine that does nothing else. Everything it makes lies under var/bench and in a database server of its
own, and is removed at the end; what stays are the results.
"""

import argparse
import shutil
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import scaling
from bench.letter import drawing, measuring, reporting, stores
from bench.letter.measuring import Desk
from bench.letter.stores import Store

#: On disk, of one message and all its rows.
bytes_per_message = 12_000
sizes = ("small", "large")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How large, and how often."""

    kind: str
    small: int
    large: int
    platforms: tuple[int, int]  # messages of the whole platform, around each of the two mailboxes
    samples: int
    rounds: int
    turns: int = 4

    @property
    def letters(self) -> int:
        """How many of each mailbox are really sealed: one for every time a letter is read."""
        return max(55, measuring.samples_needed(self.samples, rounds=self.rounds, turns=self.turns))


plans = {
    "standard": Plan(
        kind="standard", small=1_000, large=100_000, platforms=(10_000, 1_000_000), samples=300, rounds=15
    ),
    "quick": Plan(kind="quick", small=1_000, large=10_000, platforms=(10_000, 100_000), samples=60, rounds=3),
    "large": Plan(kind="large", small=1_000, large=1_000_000, platforms=(10_000, 2_000_000), samples=300, rounds=15),
    "toy": Plan(kind="toy", small=12, large=14, platforms=(20, 30), samples=2, rounds=1, turns=1),
}


def main() -> None:
    """One run."""
    options = _read_options()
    with stores.own_folder():
        _run(options)


def _run(options: argparse.Namespace) -> None:
    plan, started = plans[options.kind], time.monotonic()
    _demand_room(plan)
    results: dict[str, Any] = {"stores": {}, "operations": {}}
    _say("Sealing and opening streams")
    results["stream"] = reporting.run_module("bench.letter.streams")
    for database in options.databases:
        results["stores"][database], results["operations"][database] = _measure(database, plan, options.postgresql)
    results |= {"plan": plan, "seconds": round(time.monotonic() - started)}
    report = reporting.report(results, server=options.postgresql if "postgresql" in options.databases else "")
    written = reporting.write(report, to=options.results)
    drawing.draw(report, to=options.results)
    if options.results == stores.root / "bench/results" and len(options.databases) > 1:
        scaling.main()
    _say(f"Written: {written.parent}/letter.json and letter.html", "\n" + reporting.summary(report))


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/bench letter", description="How fast letters are sent, listed, read, recalled."
    )
    kinds = parser.add_mutually_exclusive_group()
    for kind in ("quick", "large", "toy"):
        kinds.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind, default="standard")
    parser.add_argument("--only", dest="databases", action="append", choices=("sqlite", "postgresql"))
    parser.add_argument("--postgresql", default="", help="the host, or the folder of the socket, of a server to use")
    parser.add_argument("--results", type=Path, default=stores.root / "bench/results")
    options = parser.parse_args()
    options.databases = options.databases or ["sqlite", "postgresql"]
    return options


def _demand_room(plan: Plan) -> None:
    needed, free = sum(plan.platforms) * bytes_per_message, shutil.disk_usage(stores.folder).free
    if free < needed:
        raise SystemExit(f"This run needs {needed / 1e9:.0f} GB of disk for a while, and {free / 1e9:.0f} GB are free.")


def _measure(database: str, plan: Plan, server: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the small and the large store of this database hold, and how long they took."""
    both, desks = stores.make_stores(database, (plan.small, plan.large), server=server), list[Desk]()
    with ExitStack() as there:
        for store in both:
            there.enter_context(stores.existing(store))
        filled = _fill(both, plan)
        for store in both:
            process = there.enter_context(stores.served(store))
            desks.append(Desk(store, letters=filled[store].pop("letters"), process=process))
        for words in measuring.measure(desks, samples=plan.samples, rounds=plan.rounds, turns=plan.turns):
            _say(f"{database}: {words}")
    held = dict(zip(sizes, (filled[store] for store in both), strict=True))
    return held, dict(zip(sizes, (measuring.summaries(desk) for desk in desks), strict=True))


def _fill(both: list[Store], plan: Plan) -> dict[Store, dict[str, Any]]:
    filled = {}
    for store, platform in zip(both, plan.platforms, strict=True):
        _say(
            f"{store.database}: filling a platform with {platform:,} messages, {store.mailbox:,} of them in one mailbox"
        )
        started = time.monotonic()
        filled[store] = stores.work(
            store, "filling", mailbox=store.mailbox, platform=platform, letters=min(plan.letters, store.mailbox)
        )
        filled[store]["fill_seconds"] = round(time.monotonic() - started)
    return filled


def _say(words: str, more: str = "") -> None:
    sys.stdout.write(f"  {time.strftime('%H:%M:%S')}  {words}{more}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
