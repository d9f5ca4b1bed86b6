"""Asks the stores for the same things in turn, one by one and eight at once, and keeps how long each answer took.

Small and large, empty page and operation take turns sample by sample: whatever else the machine does hits all alike.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any

from bench.letter import names, stores
from bench.letter.stores import Store
from bench.letter.visiting import Visitor

operations = ("empty page", "changes", "list", "read", "write", "send", "recall")
clients = names.client_count
#: A letter is recalled when so many others were sent after it, by a person who had a look at the slip.
sent_before_recall = 8


@dataclass
class Timings:
    """The samples of one operation at one store, with so many clients."""

    seconds: list[float] = field(default_factory=list)
    wall_seconds: float = 0.0
    web_seconds: float = 0.0
    database_seconds: float = 0.0

    def summary(self) -> dict[str, float]:
        """In milliseconds, and how many a second."""
        ordered = sorted(self.seconds)
        return {
            "p50_ms": round(median(ordered) * 1000, 2),
            "p99_ms": round(ordered[ceil(len(ordered) * 0.99) - 1] * 1000, 2),
            "per_second": round(len(ordered) / self.wall_seconds, 1),
            "web_cpu_ms": round(self.web_seconds * 1000 / len(ordered), 2),
            "database_cpu_ms": round(self.database_seconds * 1000 / len(ordered), 2),
            "samples": len(ordered),
        }


class Desk:
    """One store while it is measured: its browsers, the letters not yet read, drafts not yet sent, letters sent."""

    def __init__(self, store: Store, *, letters: Sequence[str], process: int) -> None:
        self.store, self.process = store, process
        self.database_process = stores.server_process(store)
        self.owners = [Visitor(store, address=names.owner_address) for _ in range(clients)]
        self.newcomers = [Visitor(store, address=names.newcomer_address) for _ in range(clients)]
        # Whoever begins a letter goes back to the one not written in so far, so that eight who begin are eight people.
        self.writers = [Visitor(store, address=names.writer_address(number)) for number in range(clients)]
        self.unread, self.drafts, self.sent = deque(letters), deque[tuple[str, int]](), deque[str]()
        self.timings: dict[tuple[str, int], Timings] = {}

    def act(self, operation: str, client: int) -> float:
        """One request of this kind by this browser; how long the answer took."""
        request = self._requests(client)[operation]
        started = time.perf_counter()
        request()
        return time.perf_counter() - started

    def timing(self, operation: str, count: int) -> Timings:
        return self.timings.setdefault((operation, count), Timings())

    def provide(self, *, drafts: int) -> None:
        """Drafts to send and letters to recall, outside of all timing."""
        owner = self.owners[0]
        while len(self.drafts) < drafts:
            self.drafts.append(owner.write(to=self._somebody()))
        while len(self.sent) < sent_before_recall:
            self.sent.append(owner.send(owner.write(to=self._somebody())))

    def _requests(self, client: int) -> dict[str, Callable[[], object]]:
        owner = self.owners[client]
        return {
            "empty page": self.newcomers[client].look,
            "changes": self.newcomers[client].ask_for_changes,
            "list": owner.look,
            "read": lambda: owner.read(self.unread.pop()),
            "write": lambda: self.writers[client].write(to=names.owner_address),
            "send": lambda: self.sent.append(owner.send(self.drafts.popleft())),
            "recall": lambda: owner.recall(self.sent.popleft()),
        }

    def _somebody(self) -> str:
        return names.colleague_address(len(self.drafts) + len(self.sent))


def measure(desks: Sequence[Desk], *, samples: int, rounds: int, turns: int) -> Iterator[str]:
    """`samples` of each operation with one client, then `rounds` in which eight ask `turns` times; yields words that
    say how far it is."""
    for number in range(samples):
        if number % max(1, samples // 10) == 0:
            yield f"1 client, {number} of {samples}"
        for operation, desk in _in_turn(desks, number):
            desk.provide(drafts=1)
            _note(desk, operation, 1, partial(_alone, desk, operation))
    for number in range(rounds):
        yield f"{clients} clients, {number} of {rounds}"
        for operation, desk in _in_turn(desks, number):
            desk.provide(drafts=clients * turns if operation == "send" else 0)
            _note(desk, operation, clients, partial(_together, desk, operation, turns))


def samples_needed(samples: int, *, rounds: int, turns: int) -> int:
    """How many unread letters a store must have."""
    return samples + rounds * clients * turns


def _alone(desk: Desk, operation: str) -> list[float]:
    return [desk.act(operation, 0)]


def _together(desk: Desk, operation: str, turns: int) -> list[float]:
    """Every client asks a few times, one after the other, all clients at once."""

    def ask(client: int) -> list[float]:
        return [desk.act(operation, client) for _ in range(turns)]

    with ThreadPoolExecutor(clients) as pool:
        return [seconds for answers in pool.map(ask, range(clients)) for seconds in answers]


def _note(desk: Desk, operation: str, count: int, ask: Callable[[], list[float]]) -> None:
    timing = desk.timing(operation, count)
    web, database, started = _cpu_seconds(desk.process), _cpu_seconds(desk.database_process), time.perf_counter()
    timing.seconds += ask()
    timing.wall_seconds += time.perf_counter() - started
    timing.web_seconds += _cpu_seconds(desk.process) - web
    timing.database_seconds += _cpu_seconds(desk.database_process) - database


def _in_turn(desks: Sequence[Desk], number: int) -> Iterator[tuple[str, Desk]]:
    """Every operation at every store; which store comes first changes from round to round."""
    order = desks if number % 2 == 0 else tuple(reversed(desks))
    return ((operation, desk) for operation in operations for desk in order)


def _cpu_seconds(process: int) -> float:
    """What a process and its children have used so far; 0 is no process."""
    return 0.0 if not process else sum(_ticks(one) for one in _family(process)) / os.sysconf("SC_CLK_TCK")


def _family(process: int) -> list[int]:
    # A connection's process, or a thread, may end while one looks: what it used is then its parent's to tell.
    with suppress(FileNotFoundError, ProcessLookupError):
        listed = [task / "children" for task in Path(f"/proc/{process}/task").iterdir()]
        children = [int(child) for file in listed for child in file.read_text().split()]
        return [process, *(one for child in children for one in _family(child))]
    return [process]


def _ticks(process: int) -> int:
    with suppress(FileNotFoundError, ProcessLookupError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return sum(int(one) for one in fields[11:15])  # its own, and of children that have ended
    return 0


def summaries(desk: Desk) -> dict[str, Any]:
    """By number of clients and operation."""
    return {
        str(count): {operation: desk.timings[operation, count].summary() for operation in operations}
        for count in sorted({count for _operation, count in desk.timings})
    }
