"""Two words for transactions: a verb *opens* one, a step *requires* one.

On SQLite writers queue: a thread lock, then `flock` on a lock file, then
`BEGIN IMMEDIATE`. Without the queue the busy handler of SQLite lets a writer
starve for seconds; with it writers are served in turn.
"""

import fcntl
import functools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.db import connections
from django.db.transaction import atomic
from django.utils.translation import gettext_lazy as _

from letterlock.foundation.kernel.refusals import Kind, Refusal

P = ParamSpec("P")
R = TypeVar("R")

longest_wait = timedelta(seconds=30)
pause_between_tries = timedelta(milliseconds=2)

_open = threading.local()
_thread_locks: dict[str, threading.Lock] = {}
_guard = threading.Lock()


class Busy(Refusal):
    """Another writer held the database for 30 seconds."""

    kind = Kind.BUSY
    code = "kernel.busy"
    sentence = _("The service is busy right now. Nothing was lost; please try again in a moment.")


class WrongTransaction(RuntimeError):  # noqa: N818 -- says what is wrong, and reads so where it is caught
    """A defect: a verb was nested in another, or a step ran outside of one."""


@contextmanager
def writing(*, using: str = "default", patience: timedelta = longest_wait) -> Iterator[None]:
    """Open the one transaction of a verb; fails if one is already open on `using`.

    Waits for its turn for as long as `patience`, then refuses with Busy.
    """
    if using in _aliases():
        raise WrongTransaction(
            f"A transaction is already open on {using!r}. A verb opens its own: call a step marked "
            "@transactions.required here, or move the call out of the transaction."
        )
    with _turn(using, patience):
        _aliases().add(using)
        try:
            with atomic(using=using, durable=True):
                yield
        finally:
            _aliases().discard(using)


def opened(verb: Callable[P, R]) -> Callable[P, R]:
    """The verb opens its own transaction on the main database."""

    @functools.wraps(verb)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with writing():
            return verb(*args, **kwargs)

    return inside


def required(step: Callable[P, R]) -> Callable[P, R]:
    """The step joins its caller's transaction on the main database."""

    @functools.wraps(step)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        demand()
        return step(*args, **kwargs)

    return inside


def demand(*, using: str = "default") -> None:
    """Raise unless a transaction is open on `using`."""
    if not connections[using].in_atomic_block:
        raise WrongTransaction(f"No transaction is open on {using!r}: the calling verb needs @transactions.opened.")


def is_open(*, using: str = "default") -> bool:
    """Whether this thread is inside a verb's transaction on `using`."""
    return using in _aliases()


def _aliases() -> set[str]:
    if not hasattr(_open, "aliases"):
        _open.aliases = set()
    aliases: set[str] = _open.aliases
    return aliases


@contextmanager
def _turn(using: str, patience: timedelta) -> Iterator[None]:
    settings = connections[using].settings_dict
    if connections[using].vendor != "sqlite":
        yield
        return
    deadline = time.monotonic() + patience.total_seconds()
    with _in_thread_order(str(settings["NAME"]), deadline), _in_process_order(settings, deadline):
        yield


@contextmanager
def _in_thread_order(name: str, deadline: float) -> Iterator[None]:
    with _guard:
        lock = _thread_locks.setdefault(name, threading.Lock())
    if not lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
        raise Busy
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _in_process_order(settings: dict[str, Any], deadline: float) -> Iterator[None]:
    name = str(settings["NAME"])
    if ":memory:" in name or "mode=memory" in name:
        yield
        return
    with Path(f"{name}.lock").open("a") as file:
        _flock(file.fileno(), deadline)
        # Closing the file gives the lock back, also when the process is killed.
        yield


def _flock(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Busy from None
            time.sleep(pause_between_tries.total_seconds())
        else:
            return
