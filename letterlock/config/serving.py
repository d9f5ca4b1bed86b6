"""Runs several processes as one: they start together, and when one ends or the operator says so, all end."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

patience = timedelta(seconds=8)
web_threads = 300  # slow readers each hold one; pages must still find a free one


@dataclass(frozen=True, kw_only=True)
class Program:
    """One process of the service, and where its output goes."""

    name: str
    command: Sequence[str]
    log: Path | None = None


@dataclass
class Company:
    """Processes that live and die together."""

    programs: Sequence[Program]
    environment: Mapping[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start every program, apart from the terminal's Ctrl-C: the company decides who ends when."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, lambda *_: self._stopping.set())
        for program in self.programs:
            self.running[program.name] = self._launch(program)

    def wait(self, *, meanwhile: Callable[[], None] = lambda: None) -> str:
        """Wait until told to stop or a program ends by itself; the name of that program, or nothing."""
        while not self._stopping.wait(0.2):
            if ended := self.ended():
                return ended
            meanwhile()
        return ""

    def restart(self, *names: str) -> None:
        """End these programs and start them anew, as after a change of their code."""
        for name in names:
            self.running[name].terminate()
            self.running[name].wait(timeout=patience.total_seconds())
        for program in self.programs:
            if program.name in names:
                self.running[program.name] = self._launch(program)

    def ended(self) -> str:
        """The first program that is no longer running, or nothing."""
        return next((name for name, process in self.running.items() if process.poll() is not None), "")

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def stop(self) -> None:
        """Ask every program to end, and insist after eight seconds."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(timeout=patience.total_seconds())
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _launch(self, program: Program) -> "subprocess.Popen[bytes]":
        output = program.log.open("ab") if program.log else None
        try:
            return subprocess.Popen(  # noqa: S603 -- programs of our own, named in this package
                program.command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        finally:
            if output:
                output.close()


def web(*, host: str, port: int, tls: Mapping[str, str] | None = None, log: Path | None = None) -> Program:
    """The pages, on granian with threads; one process, for the embedded stores."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", host, "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", str(web_threads), "--log-level", "warning"]
    for option, file in (tls or {}).items():
        command += [option, file]
    return Program(name="web", command=[*command, "letterlock.config.wsgi:application"], log=log)


def letterlock(*words: str, log: Path | None = None) -> Program:
    """A command of ours as a process."""
    return Program(name=words[0], command=[sys.executable, "-m", "letterlock.config.cli", *words], log=log)
