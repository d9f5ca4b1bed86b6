"""The real product for a journey: web and worker as processes on fresh stores, under the settings of the demo."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

import psycopg

from letterlock.config import serving
from tests.journeys.mailroom import Mailroom, open_mailroom
from tests.patience import hang_seconds
from tests.ports import free_port

root = Path(__file__).resolve().parents[2]
built = root / "letterlock/doors/frame/static/built/compose.js"
acme, globex = "acme.localhost", "globex.localhost"
password = "correct horse battery"


Kind = TypeVar("Kind", bound="Product")


@dataclass(frozen=True)
class Person:
    """Somebody with an account; everybody's password is the same unless it says otherwise."""

    name: str
    address: str
    host: str = acme
    password: str = password


@dataclass
class Product:
    """Where the pages are, what arrives by mail, and how people come to have accounts."""

    port: int
    mailroom: Mailroom
    environment: dict[str, str]
    folder: Path
    _stage: "subprocess.Popen[str]"
    _programs: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def url(self, path: str = "/", *, host: str = acme) -> str:
        return f"http://{host}:{self.port}{path}"

    def member(self, person: Person, *, status: str = "professional") -> Person:
        """Add somebody as an operator would, with the password set."""
        self.ask(
            "member",
            host=person.host,
            address=person.address,
            name=person.name,
            status=status,
            password=person.password,
        )
        return person

    def ask(self, word: str, **details: Any) -> Any:
        """Have the stage hand do something in the product's own stores; its answer."""
        assert self._stage.stdin
        assert self._stage.stdout
        self._stage.stdin.write(json.dumps({"word": word, **details}) + "\n")
        self._stage.stdin.flush()
        said = json.loads(self._stage.stdout.readline() or '{"failed": "The stage hand has died."}')
        assert "failed" not in said, said["failed"]
        return said["answer"]

    def pause_worker(self) -> None:
        self._stop("worker")

    def resume_worker(self) -> None:
        self._start(serving.letterlock("worker", log=self.folder / "worker.log"))

    def start(self) -> Self:
        self._start(serving.web(host="127.0.0.1", port=self.port, log=self.folder / "web.log"))
        self.resume_worker()
        self._await_pages()
        return self

    def stop(self) -> None:
        for name in list(self._programs):
            self._stop(name)
        assert self._stage.stdin
        self._stage.stdin.close()
        self._stage.wait(hang_seconds)
        if self._stage.stdout:
            self._stage.stdout.close()

    def logs(self) -> str:
        return "\n".join(file.read_text() for file in sorted(self.folder.glob("*.log")))

    def _start(self, program: serving.Program) -> None:
        assert program.log
        with program.log.open("ab") as output:
            self._programs[program.name] = subprocess.Popen(
                program.command, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    def _stop(self, name: str) -> None:
        process = self._programs.pop(name)
        process.terminate()
        try:
            process.wait(hang_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _await_pages(self) -> None:
        deadline = time.monotonic() + hang_seconds
        script = f"http://127.0.0.1:{self.port}/static/built/compose.js"
        while time.monotonic() < deadline:
            try:
                with urlopen(Request(script, headers={"Host": acme}), timeout=hang_seconds):
                    return
            except (URLError, ConnectionError):
                assert self._programs["web"].poll() is None, self.logs()
                time.sleep(0.05)  # a port cannot be waited for otherwise
        raise AssertionError(f"The pages did not come up.\n{self.logs()}")


@contextmanager
def run_product() -> Iterator[Product]:
    """Fresh stores with Acme and Globex, and the processes on them, until the end of the block."""
    with run_as(Product) as product:
        yield product


@contextmanager
def run_as(
    kind: type[Kind], *, settings: str = "tests.journeys.settings", stage: str = "tests.journeys.stage"
) -> Iterator[Kind]:
    """The same for a product of another kind, under settings and with a stage hand of its own."""
    assert built.exists(), "The pages' assets are not built: run `npm ci && npm run build`."
    folder = Path(tempfile.mkdtemp(prefix="letterlock-journey-"))
    port, smtp_port = free_port(), free_port()
    with _stores(folder) as stores, open_mailroom(smtp_port) as mailroom:
        environment = (
            os.environ
            | stores
            | {
                "DJANGO_SETTINGS_MODULE": settings,
                "LETTERLOCK_VAR": str(folder),
                "LETTERLOCK_PUBLIC_PORT": str(port),
                "LETTERLOCK_DEMO_SMTP_PORT": str(smtp_port),
                "LETTERLOCK_TRUSTED_PROXIES": "127.0.0.1",
                "PYTHONPATH": str(root),
            }
        )
        product = kind(port, mailroom, environment, folder, _hire_stage_hand(stage, environment))
        try:
            product.ask("prepare")
            yield product.start()
        finally:
            product.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _hire_stage_hand(stage: str, environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", stage],
        env=environment,
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def _stores(folder: Path) -> Iterator[dict[str, str]]:
    """Addresses of two empty stores of the kind under test: SQLite, or PostgreSQL if the environment names one."""
    given = os.environ.get("LETTERLOCK_DATABASE", "")
    if not given.startswith("postgresql:"):
        yield {
            "LETTERLOCK_DATABASE": f"sqlite:///{folder}/letterlock.sqlite3",
            "LETTERLOCK_KEYSTORE": f"sqlite:///{folder}/keystore/keystore.sqlite3",
        }
        return
    names = {"LETTERLOCK_DATABASE": f"journey_{os.getpid()}", "LETTERLOCK_KEYSTORE": f"journey_keystore_{os.getpid()}"}
    for name in names.values():
        _order(given, f'CREATE DATABASE "{name}"')
    try:
        yield {variable: _at(given, name) for variable, name in names.items()}
    finally:
        for name in names.values():
            _order(given, f'DROP DATABASE "{name}" WITH (FORCE)')


def _order(address: str, statement: str) -> None:
    """By a connection of its own: the server may have been away meanwhile."""
    with psycopg.connect(address, autocommit=True, dbname="postgres") as connection:
        connection.execute(statement.encode())


def _at(address: str, name: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"/{name}"))
