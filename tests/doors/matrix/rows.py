"""The words of the table: who asks, what comes of it, and a row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

signed_in = ("sender", "to", "cc", "bcc", "removed", "colleague", "administrator", "namesake")
signed_out = ("invited", "nobody")
unknown_host = "unknown host"
everybody = (*signed_in, *signed_out, unknown_host)

#: Who takes part in the letters of the world.
inside = ("sender", "to", "cc", "bcc")
professionals = ("sender", "bcc", "colleague", "administrator")
on_acme = tuple(who for who in (*signed_in, *signed_out) if who != "namesake")

methods = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Answer(StrEnum):
    """What comes of asking. Only `DOES` changes anything."""

    SHOWS = "shows"
    LEADS = "leads"
    DOES = "does"
    SIGN_IN = "sign in"
    NOTHING = "nothing"
    FORBIDDEN = "forbidden"
    CONFLICT = "conflict"
    GONE = "gone"
    INVALID = "invalid"


meanings = {
    Answer.SHOWS: "200; nothing changes",
    Answer.LEADS: "a redirect to something of one's own; nothing changes",
    Answer.DOES: "it is done: 2xx or a redirect, and the stores have changed",
    Answer.SIGN_IN: "a redirect to the sign-in page, the same as for what does not exist; nothing changes",
    Answer.NOTHING: "404, to the byte the answer to what does not exist; nothing changes",
    Answer.FORBIDDEN: "403 with a sentence; nothing changes",
    Answer.CONFLICT: "409 with a sentence; nothing changes",
    Answer.GONE: "410 with a sentence; nothing changes",
    Answer.INVALID: "422 with a sentence; nothing changes but a counter of tries",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One address, one method, one thing: what each of `everybody` gets.

    `given` is posted; a value that begins with `$` is taken from the thing. `costs` names the tables that a refused
    try may write: throttles, and the tries of a code. What can be done `once` is asked for by those who may first.
    """

    page: str
    thing: str
    method: str
    cells: Mapping[str, Answer]
    given: Mapping[str, Any] = field(default_factory=dict)
    costs: tuple[str, ...] = ()
    once: bool = False


def private(page: str, thing: str, method: str, **options: Any) -> Row:
    """Behind the sign-in: who is not named finds nothing, and who is signed out is asked to sign in."""
    others = dict.fromkeys(signed_in, Answer.NOTHING) | dict.fromkeys(signed_out, Answer.SIGN_IN)
    return _row(page, thing, method, others, **options)


def public(page: str, thing: str, method: str, **options: Any) -> Row:
    """In front of the sign-in: who is not named finds nothing."""
    return _row(page, thing, method, dict.fromkeys((*signed_in, *signed_out), Answer.NOTHING), **options)


def _row(page: str, thing: str, method: str, cells: dict[str, Answer], **options: Any) -> Row:
    kept = {name: options.pop(name) for name in ("given", "costs", "once") if name in options}
    for word, people in options.items():
        cells |= dict.fromkeys(people, Answer[word.upper()])
    # A host that is no platform's finds nothing at all, whatever is asked.
    return Row(page=page, thing=thing, method=method, cells=cells | {unknown_host: Answer.NOTHING}, **kept)
