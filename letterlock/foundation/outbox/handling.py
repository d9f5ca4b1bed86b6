"""Who does which work: rooms register handlers by topic, and chores by period.

A handler takes ids by keyword and `at`, tolerates keywords it does not know,
and changes nothing when it is run again: the queue promises *at least* once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., None])

default_lease = timedelta(minutes=2)


class TryLater(Exception):  # noqa: N818 -- an answer to the worker, not an error
    """The handler asks for another run on its own schedule; it is not counted as a failure."""

    def __init__(self, *, after: timedelta, because: str) -> None:
        super().__init__(because)
        self.after = after
        self.because = because


@dataclass(frozen=True, kw_only=True)
class Handler:
    """A function, how long one run may take before another worker may take the job over, and its room."""

    name: str
    lane: str
    run: Callable[..., None]
    lease: timedelta
    every: timedelta | None = None


_by_topic: dict[str, list[str]] = {}
_by_name: dict[str, Handler] = {}
_declared: set[str] = set()


class NobodyHandles(RuntimeError):  # noqa: N818 -- says what is wrong, and reads so where it is caught
    """A defect: a topic that was declared to need work was posted, and no room takes it."""


def handles(topic: str, *, lease: timedelta = default_lease) -> Callable[[Function], Function]:
    """Register the function for the topic. `lease` must exceed the longest honest run."""

    def register(function: Function) -> Function:
        handler = _keep(function, lease=lease)
        _by_topic.setdefault(str(topic), []).append(handler.name)
        return function

    return register


def every(period: timedelta, *, lease: timedelta = default_lease) -> Callable[[Function], Function]:
    """Register a chore: one worker of all runs it, once a period."""

    def register(function: Function) -> Function:
        _keep(function, lease=lease, every=period)
        return function

    return register


def declare(topics: Iterable[str]) -> None:
    """Topics whose work must not be forgotten: posting one without a handler fails."""
    _declared.update(str(topic) for topic in topics)


def handlers_of(topic: str) -> list[Handler]:
    """The handlers of a topic; none is a defect only when the topic was declared."""
    names = _by_topic.get(str(topic), [])
    if not names and str(topic) in _declared:
        raise NobodyHandles(f"Nobody handles {str(topic)!r}: is the room's jobs.py imported by its AppConfig.ready()?")
    return [_by_name[name] for name in names]


def handler_named(name: str) -> Handler | None:
    """The handler a job names, or None when this version of the program has it no more."""
    return _by_name.get(name)


def chores() -> list[Handler]:
    """Every registered chore."""
    return [handler for handler in _by_name.values() if handler.every is not None]


def _keep(function: Callable[..., Any], *, lease: timedelta, every: timedelta | None = None) -> Handler:
    package, _, module = function.__module__.rpartition(".")
    handler = Handler(
        name=f"{function.__module__}.{function.__qualname__}",
        lane=package.rpartition(".")[2] or module,
        run=function,
        lease=lease,
        every=every,
    )
    if handler.name in _by_name:
        raise RuntimeError(f"{handler.name} is registered twice.")
    _by_name[handler.name] = handler
    return handler
