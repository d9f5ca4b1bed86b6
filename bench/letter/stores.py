"""The stores a run works on: one for each database and size, filled, served by the product's own web process, removed.

Every process that touches a store is started here with the store's own environment, so that the run itself needs no
Django and measures from the outside, as a browser would.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.letter import names
from letterlock.config import serving

root = Path(__file__).resolve().parents[2]
runs = root / "var/bench"
folder = runs / str(os.getpid())  # two runs do not meet
start_seconds = 60.0


@dataclass(frozen=True, kw_only=True)
class Store:
    """One installation: a database, how many messages one mailbox of it holds, and where it lies."""

    database: str
    mailbox: int
    server: str  # the folder of PostgreSQL's socket, or its host; unused by SQLite
    port: int

    @property
    def name(self) -> str:
        return f"{self.database}-{self.mailbox}"

    @property
    def folder(self) -> Path:
        return folder / self.name

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this installation is started with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LETTERLOCK_")}
        addresses = {"LETTERLOCK_DATABASE": "letterlock", "LETTERLOCK_KEYSTORE": "keystore"}
        named = {name: self._address(database) for name, database in addresses.items()}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "letterlock.config.settings.demo",
            "LETTERLOCK_VAR": str(self.folder),
            "LETTERLOCK_PUBLIC_PORT": str(self.port),
            "LETTERLOCK_DEMO_LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(root),
            **({} if self.database == "sqlite" else named),
        }

    def _address(self, database: str) -> str:
        return f"postgresql://letterlock@/{self.database_named(database)}?host={self.server}"

    def database_named(self, which: str) -> str:
        return f"bench_{which}_{self.mailbox}"


def make_stores(database: str, sizes: tuple[int, int], *, server: str) -> list[Store]:
    """A small and a large one, not yet there."""
    return [Store(database=database, mailbox=size, server=server, port=_free_port()) for size in sizes]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_folder() -> Iterator[None]:
    """Where this run puts its stores; what runs that were killed have left is removed first."""
    for left in runs.glob("*"):
        if not Path(f"/proc/{left.name}").exists():
            shutil.rmtree(left)
    folder.mkdir(parents=True)
    try:
        yield
    finally:
        shutil.rmtree(folder)


@contextmanager
def existing(store: Store) -> Iterator[None]:
    """The store's folder and databases, for as long as this lasts; what an interrupted run left is removed first."""
    _remove(store)
    (store.folder / "logs").mkdir(parents=True)
    (store.folder / "static").symlink_to(_collected())
    if store.database == "postgresql":
        _in_postgresql(store, "CREATE DATABASE {}")
    try:
        yield
    finally:
        _remove(store)


def work(store: Store, module: str, **options: object) -> dict[str, Any]:
    """Run one of the modules beside this one on the store; what it answered, or its own last words on failure."""
    words = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "bench.letter.starting", module, *words]
    done = subprocess.run(command, env=store.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"\nbench.letter.{module} failed on {store.name}:\n{done.stderr[-3000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@contextmanager
def served(store: Store) -> Iterator[int]:
    """The pages of the store, by the very process that `bin/demo` and an installation start; its process id."""
    log = store.folder / "logs/web.log"
    program = serving.web(host="127.0.0.1", port=store.port, log=log)
    with log.open("ab") as output:
        process = subprocess.Popen(program.command, env=store.environment, stdout=output, stderr=output)
    try:
        _wait_for_answer(store, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for_answer(store: Store, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + start_seconds
    while not _answers(store.port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"\nThe pages of {store.name} did not start:\n{_end_of(store.folder / 'logs/web.log')}")
        time.sleep(0.05)


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:]


def _answers(port: int) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/", headers={"Host": names.host})
        return bool(connection.getresponse().status)
    except OSError:
        return False


@cache
def _collected() -> Path:
    """Styles and scripts as an installation serves them, collected once for all stores of a run."""
    place = folder / "static"
    settings = {"LETTERLOCK_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "letterlock.config.settings.demo"}
    command = [sys.executable, str(root / "manage.py"), "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(command, env=os.environ | settings, check=True)
    return place


def server_process(store: Store) -> int:
    """The process whose children serve the store's database; 0 for SQLite, which works inside the web process."""
    if store.database == "sqlite":
        return 0
    import psycopg

    with psycopg.connect(dbname="postgres", user="letterlock", host=store.server) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        status = Path(f"/proc/{row[0] if row else 0}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("PPid:")))


def _remove(store: Store) -> None:
    shutil.rmtree(store.folder, ignore_errors=True)
    if store.database == "postgresql":
        _in_postgresql(store, "DROP DATABASE IF EXISTS {}")


def _in_postgresql(store: Store, statement: str) -> None:
    import psycopg
    from psycopg.sql import SQL, Identifier

    with psycopg.connect(dbname="postgres", user="letterlock", host=store.server, autocommit=True) as connection:
        for which in ("letterlock", "keystore"):
            connection.execute(SQL(statement).format(Identifier(store.database_named(which))))
