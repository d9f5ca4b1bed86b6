"""The product as a process group that can be killed whole, at an instant or from outside, and started again."""

import json
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from letterlock.config import serving
from tests.fire.visiting import Visitor
from tests.journeys.product import Product, acme, password, run_as
from tests.patience import hang_seconds, wait_until


@dataclass(frozen=True, kw_only=True)
class Instant:
    """One at which a process may die; see `tests.fire.instants`."""

    program: str
    kind: str
    place: str
    side: str

    def __str__(self) -> str:
        return f"{self.program}: {self.side} {self.kind} in {self.place}"


@dataclass
class Burning(Product):
    """Web and worker are one process group, as they are one service."""

    group: int = 0
    _visitors: dict[str, Visitor] = field(default_factory=dict)

    def arm(self, instant: Instant) -> None:
        """Whoever comes to this instant first kills the whole group."""
        self._order({"group": self.group, "at": vars(instant)})

    def disarm(self) -> None:
        (self.folder / "trap").unlink(missing_ok=True)

    def note_instants(self, notes: Path) -> None:
        """From now on every instant is written down, and nobody dies."""
        self._order({"group": self.group, "notes": str(notes)})

    def kill(self) -> None:
        """`kill -9` of the group, from outside."""
        os.killpg(self.group, signal.SIGKILL)
        self.await_death()

    def is_alive(self) -> bool:
        return all(process.poll() is None for process in self._programs.values())

    def await_death(self) -> None:
        """Until nothing of the group is left, grandchildren included."""
        for process in self._programs.values():
            process.wait(hang_seconds)
        wait_until(lambda: not self._group_is_left(), "the process group is gone")
        self._programs.clear()
        self.disarm()

    def rise(self) -> None:
        """Start again, some time after the crash."""
        self.ask("lapse")
        self.start()

    def drain(self) -> None:
        """Until the worker has nothing left to do."""
        wait_until(lambda: self.ask("owed") == 0, "the outbox is empty", self.logs)

    def visitor(self, address: str, *, host: str = acme, signed_in: bool = True) -> Visitor:
        """This person's browser, signed in; a crash ends no session."""
        if not signed_in:
            return Visitor(host, self.port)
        if address not in self._visitors:
            self._visitors[address] = Visitor(host, self.port).sign_in(address, password)
        return self._visitors[address]

    @contextmanager
    def relay_at(self, port: int) -> Iterator[None]:
        """The worker hands its mails over at another port, until the end of the block."""
        usual = self.environment["LETTERLOCK_DEMO_SMTP_PORT"]
        self._move_relay(str(port))
        try:
            yield
        finally:
            self._move_relay(usual)

    def _move_relay(self, port: str) -> None:
        self.environment["LETTERLOCK_DEMO_SMTP_PORT"] = port
        self.pause_worker()
        self.resume_worker()

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """No file of web and worker can grow, as on a disk that is full; afterwards there is room again."""
        self._limit_files(0)
        try:
            yield
        finally:
            self._limit_files(resource.RLIM_INFINITY)

    def _limit_files(self, most_bytes: int) -> None:
        for process in self._members():
            resource.prlimit(process, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))

    def _members(self) -> list[int]:
        """Every process of the group: granian has a child that does the work."""
        everybody = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal()]
        return [one for one in everybody if _group_of(one) == self.group]

    def _order(self, order: dict[str, Any]) -> None:
        fresh = self.folder / "trap.fresh"
        fresh.write_text(json.dumps(order))
        fresh.replace(self.folder / "trap")

    def _start(self, program: serving.Program) -> None:
        assert program.log
        # The first one's group is everybody's: the stage hand and the tests are not in it.
        group = self.group if self._programs else 0
        with program.log.open("ab") as output:
            process = subprocess.Popen(
                program.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=group,
            )
        self._programs[program.name] = process
        self.group = group or process.pid

    def _group_is_left(self) -> bool:
        try:
            os.killpg(self.group, 0)
        except ProcessLookupError:
            return False
        return True


def _group_of(process: int) -> int:
    try:
        return os.getpgid(process)
    except ProcessLookupError:
        return 0


@contextmanager
def run_burning() -> Iterator[Burning]:
    """Fresh stores and processes, until the end of the block."""
    with run_as(Burning, settings="tests.fire.settings", stage="tests.fire.inspector") as product:
        product.ask("begin")
        yield product
