"""The shapes in which the demo's people and letters are written down."""

from dataclasses import dataclass
from datetime import timedelta

from letterlock.domain.accounts.models import Status


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of the cast. Guests come in by the invitation of the first letter to them."""

    key: str
    name: str
    address: str
    status: Status = Status.GUEST
    password: str = ""
    time_zone: str = ""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A letter, or with `of` the answer to one. `day` counts back from today; `unread` have not opened it yet."""

    key: str
    day: int
    time: str
    by: str
    text: str
    subject: str = ""
    to: str = ""
    cc: str = ""
    bcc: str = ""
    of: str = ""
    answers_all: bool = False
    unread: str = ""
    lifetime: timedelta | None = None
    tracking: bool = True
    reply_freeze: bool = False


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """The recall of a letter."""

    of: str
    day: int
    time: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """A draft somebody has not sent."""

    by: str
    day: int
    time: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Story:
    """One platform: what it is called, its people, and their month."""

    name: str
    host: str
    accent: str
    support_address: str
    members: tuple[Member, ...]
    letters: tuple[Written, ...]
    recalls: tuple[TakenBack, ...] = ()
    drafts: tuple[Unfinished, ...] = ()
    archived: tuple[tuple[str, str], ...] = ()
