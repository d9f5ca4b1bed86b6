"""Instants at which a process may die: around each commit of both stores, each write that must last, each hand-over.

Runs inside the product's own processes. A file named `trap` in the product's folder says what to do: note the instants
down, or kill the whole process group at one of them, as `kill -9` does. Without that file nothing happens.
"""

import functools
import json
import os
import signal
import smtplib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

folder = Path(os.environ.get("LETTERLOCK_VAR", "/nonexistent"))
trap = folder / "trap"
journal = "destruction.journal"
lasting = {journal: "journal", ".new": "checkpoint"}


@contextmanager
def around(kind: str) -> Iterator[None]:
    """Two instants: before what happens inside, and after it."""
    pass_by(kind, "before")
    yield
    pass_by(kind, "after")


def pass_by(kind: str, side: str) -> None:
    """Note the instant down, or die at it, if that was asked for."""
    order = _order()
    if order is None or order["group"] != os.getpgrp():
        return
    here = {"program": program(), "kind": kind, "place": _place(sys._getframe(1)), "side": side}
    if "notes" in order:
        with Path(order["notes"]).open("a") as notes:
            notes.write(json.dumps(here) + "\n")
    elif order["at"] == here:
        os.killpg(order["group"], signal.SIGKILL)
        time.sleep(60)  # the signal is on its way; nothing more may happen here


def program() -> str:
    """Which of the product's programs this process is."""
    return "worker" if "worker" in sys.argv else "web"


def mark() -> None:
    """Put the instants that are no commits in their places: writes that must last, and mails handed over."""
    os.fsync = _marked_fsync(os.fsync)
    os.write = _marked_write(os.write)
    send = smtplib.SMTP.sendmail

    @functools.wraps(send)
    def sendmail(*args: Any, **kwargs: Any) -> Any:
        with around("hand over"):
            return send(*args, **kwargs)

    smtplib.SMTP.sendmail = sendmail


def _marked_fsync(fsync: Callable[[int], None]) -> Any:
    def marked(descriptor: int) -> None:
        if what := _lasting(descriptor):
            with around(f"sync {what}"):
                fsync(descriptor)
        else:
            fsync(descriptor)

    return marked


def _marked_write(write: Callable[[int, Any], int]) -> Any:
    """Of a line for the journal first one half is written: a crash in between leaves it torn."""

    def marked(descriptor: int, data: Any) -> int:
        if _lasting(descriptor) != "journal":
            return write(descriptor, data)
        pass_by("write journal", "before")
        written = write(descriptor, data[: (len(data) + 1) // 2])
        pass_by("write journal", "halfway")
        return written

    return marked


def _lasting(descriptor: int) -> str:
    try:
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
    except OSError:
        return ""
    return next((what for end, what in lasting.items() if name.endswith(end)), "")


def _order() -> Any:
    try:
        return json.loads(trap.read_text())
    except FileNotFoundError:
        return None


def _place(frame: FrameType | None) -> str:
    """The function that commits, and on whose behalf: the nearest one of the domain, or the job in hand."""
    names: list[str] = []
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("letterlock.") and not module.startswith(
            ("letterlock.foundation.kernel", "letterlock.conf")
        ):
            name = f"{module.rpartition('.')[2]}.{frame.f_code.co_name}"
            if not names or module.startswith("letterlock.domain"):
                names.append(name)
            if module.startswith("letterlock.domain"):
                break
            if name.startswith("working.") and "job" in frame.f_locals:
                handler = frame.f_locals["job"].handler
                names.append(".".join(handler.split(".")[-2:]))
                break
        frame = frame.f_back
    return " for ".join(dict.fromkeys(names))
