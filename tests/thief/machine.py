"""Everything the machine keeps of a run: logs, stores, keys, temporary files, backups; as bytes, place by place."""

import os
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from tests.journeys.guide import blocks
from tests.journeys.product import Product
from tests.journeys.test_the_operators_guide import servers
from tests.patience import wait_until

port = 5432
#: As the operators' guide has it for both servers, which are one here; and no waiting for the disk.
settings = "\n".join([*(one.text for one in blocks("PostgreSQL") if one.kind == "file"), "fsync = off"])
make_due = "UPDATE outbox_job SET due_at = now() - interval '1 second' WHERE handler LIKE '%finish_destruction'"
is_done = "SELECT 1 FROM outbox_job WHERE handler LIKE '%finish_destruction' AND due_at > now()"


@contextmanager
def own_server() -> Iterator[str]:
    """The address of a PostgreSQL server with nothing else on it, or nothing when SQLite is under test."""
    if not os.environ.get("LETTERLOCK_DATABASE", "").startswith("postgresql:"):
        yield ""
        return
    with servers({port: settings}) as folder:
        yield f"postgresql://postgres@:{port}/postgres?host={folder}"


def places(product: Product, *, server: str, temporary: Path, backups: Path) -> dict[str, list[bytes]]:
    """What lies where. The root key is left out: it is nobody's writing."""
    found = {
        "logs": _files(product.folder.glob("*.log")),
        "keys": _files(one for one in (product.folder / "keys").rglob("*") if one.name != "root.key"),
        "temporary folders": _files(temporary.rglob("*")),
        "backups": [_readable(file) for file in sorted(backups.rglob("*")) if file.is_file()],
    }
    if not server:
        return found | {
            "database": _files(product.folder.glob("letterlock.sqlite3*")),
            "keystore": _files((product.folder / "keystore").iterdir()),
        }
    return found | _of_server(product, server)


def query(product: Product, store: str, sql: str) -> list[tuple[object, ...]]:
    """Straight from the store, past the product."""
    address = product.environment[f"LETTERLOCK_{store.upper()}"]
    if address.startswith("postgresql:"):
        with psycopg.connect(address, autocommit=True) as connection:
            done = connection.execute(sql)
            return done.fetchall() if done.description else []
    connection = sqlite3.connect(urlsplit(address).path, isolation_level=None)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def finish_destruction(product: Product, *, server: str) -> None:
    """The hour is over: the worker's chore has run, and PostgreSQL has begun another file of its log."""
    if not server:
        return
    query(product, "database", make_due)
    wait_until(lambda: bool(query(product, "database", is_done)), "the worker has finished destroying", product.logs)
    for step in ("CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT"):
        query(product, "keystore", step)


def _of_server(product: Product, server: str) -> dict[str, list[bytes]]:
    query(product, "database", "CHECKPOINT")
    folder = Path(parse_qs(urlsplit(server).query)["host"][0])
    data = folder / str(port)
    (of_database,), (of_keystore,) = (
        query(product, store, "SELECT oid FROM pg_database WHERE datname = current_database()")[0]
        for store in ("database", "keystore")
    )
    rest = [one for one in data.rglob("*") if not one.is_relative_to(data / "base")]
    database, keystore = (_files((data / "base" / str(oid)).iterdir()) for oid in (of_database, of_keystore))
    return {
        "database": [*database, _dump(product, "database")],
        "keystore": [*keystore, _dump(product, "keystore")],
        "the server's log of writes": _files(rest),
        "the server's log": _files([folder / f"{port}.log"]),
    }


def _dump(product: Product, store: str) -> bytes:
    command = ["pg_dump", "--dbname", product.environment[f"LETTERLOCK_{store.upper()}"]]
    return subprocess.run(command, check=True, capture_output=True).stdout


def _files(paths: Iterable[Path]) -> list[bytes]:
    return [path.read_bytes() for path in paths if path.is_file()]


def _readable(file: Path) -> bytes:
    """A dump is compressed: as text it can be searched."""
    if file.suffix != ".dump":
        return file.read_bytes()
    return subprocess.run(["pg_restore", "--file=-", str(file)], check=True, capture_output=True).stdout
