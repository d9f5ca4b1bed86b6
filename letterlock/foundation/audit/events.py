"""The open registry of facts: every room adds the names of its own."""

import enum
import re
from typing import TypeVar

Events = TypeVar("Events", bound=type[enum.StrEnum])

_shape = re.compile(r"\A[a-z]+(\.[a-z_]+){2,3}\Z")
_owners: dict[str, type[enum.StrEnum]] = {}


class UnknownEvent(RuntimeError):  # noqa: N818 -- says what is wrong, and reads so where it is caught
    """A defect: a fact without a registered name."""


def register(events: Events) -> Events:
    """Decorator for a room's enum: its names may be recorded from now on.

    A name is `room.thing.happened`, and belongs to one room.
    """
    for event in events:
        if not _shape.match(event.value) or _owners.get(event.value, events) is not events:
            raise UnknownEvent(f"{event.value!r} is no event name, or another room's.")
        _owners[event.value] = events
    return events


def demand(event: enum.StrEnum) -> None:
    """Raise unless the name was registered."""
    if str(event) not in _owners:
        raise UnknownEvent(f"{str(event)!r} was never registered: decorate its enum with @events.register.")


def names() -> set[str]:
    """Every registered name."""
    return set(_owners)
