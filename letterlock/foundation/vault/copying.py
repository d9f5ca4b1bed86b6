"""A whole store copied into one file while it is in use, and such a file put in its place: docs/formats/backup.md."""

import os
import shutil
import sqlite3
import subprocess
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import make_conninfo

from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.vault.roots import sync_folder

endings = {"sqlite": ".sqlite3", "postgresql": ".dump"}
leaving_patience = timedelta(seconds=2)  # a connection that was just closed is still listed for a moment
pause_between_looks = timedelta(milliseconds=50)

# Dropping the schema instead would make later dumps create one that is always there.
_empty_schema = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP TABLE public.%I CASCADE', one.tablename);
  END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP ROUTINE %s CASCADE', one.name);
  END LOOP;
END $$
"""


class CopyFailed(Refusal):
    kind = Kind.CONFLICT
    code = "vault.copy_failed"
    sentence = _("The {store} could not be copied: {why} Nothing was changed.")


class PuttingBackFailed(Refusal):
    kind = Kind.CONFLICT
    code = "vault.putting_back_failed"
    sentence = _(
        "The copy of the {store} could not be put in its place: {why} The service stays stopped; when that is mended, "
        "run the restore again."
    )


class StillInUse(Refusal):
    kind = Kind.CONFLICT
    code = "vault.still_in_use"
    sentence = _("Something still has the {store} open. Stop the service and every worker first. Nothing was changed.")


def vendor_of(store: str) -> str:
    """`sqlite` or `postgresql`."""
    return _connection(store).vendor


def copy_out(store: str, *, to: Path) -> None:
    """A consistent copy of the store in a new file only its owner can read, seen onto the disk. Refuses CopyFailed."""
    to.touch(mode=0o600, exist_ok=False)
    try:
        if vendor_of(store) == "sqlite":
            _copy_sqlite(store, to)
        else:
            _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={to}", store=store)
    except (DatabaseError, sqlite3.Error, subprocess.SubprocessError, OSError) as failure:
        raise CopyFailed(store=store, why=_words_of(failure)) from None
    sync_file(to)


def put_back(store: str, *, copy: Path) -> None:
    """Replace the store by the copy. Nobody may have it open: ask `demand_alone` before. Refuses PuttingBackFailed."""
    _connection(store).close()
    try:
        if vendor_of(store) == "sqlite":
            _replace_file(path_of(store), copy)
        else:
            with _connection(store).cursor() as cursor:
                cursor.execute(_empty_schema)
            options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-acl"]
            _run("pg_restore", *options, f"--dbname={_conninfo(store)}", str(copy), store=store)
    except (DatabaseError, subprocess.SubprocessError, OSError) as failure:
        raise PuttingBackFailed(store=store, why=_words_of(failure)) from None
    _connection(store).close()


def demand_alone(store: str) -> None:
    """Refuse StillInUse when anybody but this process has the store open. What cannot be read at all passes."""
    _connection(store).close()
    is_alone = _is_file_ours if vendor_of(store) == "sqlite" else _is_server_ours
    deadline = time.monotonic() + leaving_patience.total_seconds()
    while not is_alone(store):
        if time.monotonic() > deadline:
            raise StillInUse(store=store)
        time.sleep(pause_between_looks.total_seconds())


def path_of(store: str) -> Path:
    """Where the file of an SQLite store lies."""
    return Path(str(_connection(store).settings_dict["NAME"]))


def sync_file(path: Path) -> None:
    """See a file's bytes onto the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _connection(store: str) -> BaseDatabaseWrapper:
    return connections["default" if store == "database" else store]


def _copy_sqlite(store: str, to: Path) -> None:
    with _connection(store).cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(to)])
    copy = sqlite3.connect(f"file:{to}?immutable=1", uri=True)
    try:
        (verdict,) = copy.execute("PRAGMA quick_check").fetchone()
    finally:
        copy.close()
    if verdict != "ok":
        raise sqlite3.DatabaseError("the copy does not pass SQLite's check.")


def _replace_file(path: Path, copy: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.restored")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    shutil.copyfile(copy, beside)
    sync_file(beside)
    for ending in ("-wal", "-shm", "-journal"):
        # Of the file that goes: on the one that comes they would be taken for its own.
        path.with_name(path.name + ending).unlink(missing_ok=True)
    beside.replace(path)
    sync_folder(path.parent)


def _is_file_ours(store: str) -> bool:
    if not path_of(store).exists():
        return True
    probe = sqlite3.connect(path_of(store), timeout=0, isolation_level=None)
    try:
        # Leaving write-ahead mode needs the file for oneself, and writes everything into the one file.
        return bool(probe.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete")
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True  # no database at all: a damaged file, which is why somebody restores
    finally:
        probe.close()


def _is_server_ours(store: str) -> bool:
    with _connection(store).cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        return bool(cursor.fetchone()[0] == 0)


def _run(program: str, *words: str, store: str) -> None:
    command = [program, *words] if program == "pg_restore" else [program, *words, f"--dbname={_conninfo(store)}"]
    password = str(_connection(store).settings_dict["PASSWORD"])
    # The password goes by the environment: everybody on the machine can read a command line.
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    subprocess.run(command, env=environment, check=True, capture_output=True, stdin=subprocess.DEVNULL)  # noqa: S603 -- PostgreSQL's own client, with words of ours


def _conninfo(store: str) -> str:
    settings: dict[str, Any] = _connection(store).settings_dict
    names = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
    words = {word: str(settings[name]) for word, name in names.items() if settings[name]}
    return make_conninfo(**words, **settings["OPTIONS"])


def _words_of(failure: Exception) -> str:
    if isinstance(failure, subprocess.CalledProcessError):
        lines = failure.stderr.decode("utf-8", "replace").strip().splitlines()
        return lines[0] if lines else f"{failure.cmd[0]} ended with {failure.returncode}."
    if isinstance(failure, FileNotFoundError) and failure.filename in {"pg_dump", "pg_restore"}:
        return f"{failure.filename} is missing; install the package postgresql-client."
    return str(failure)
