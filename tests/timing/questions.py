"""What is asked of the product: for each door, the states that must not be told apart by the time of the answer."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, ready to be sent."""

    method: str
    path: str
    form: dict[str, str]
    cookie: str = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A door: `kinds` make one request each; the first is what the others are compared with.

    "again" is the first kind once more: what the test says of it is chance. `may_differ` names the kinds that differ on
    purpose, to show that the test would see it.
    """

    name: str
    kinds: dict[str, Callable[[], Request]]
    may_differ: frozenset[str] = frozenset()


def questions(world: dict[str, Any]) -> list[Question]:
    """Every door at which a stranger, or a colleague, could ask who is there."""
    typed = {"nobody": _stranger, "nobody again": _stranger} | {
        name: _next_of(world["addresses"][name]) for name in ("Guest", "Professional", "invited", "elsewhere")
    }
    new = {name: typed[name] for name in ("nobody", "nobody again", "invited", "elsewhere")}
    waiting = {"nobody": "waiting nobody", "Guest": "waiting"}
    throttled = {name: _next_of(world["addresses"][of]) for name, of in waiting.items()}
    return [
        Question(name="sign in, wrong password", kinds=_each(typed, _sign_in)),
        Question(name="sign in, tried too often", kinds=_each(throttled, _sign_in)),
        Question(name="ask for a reset", kinds=_each(typed, _reset)),
        _checking("check a recipient, as a Professional", world["professional"], new),
        _checking("check a recipient, as a Guest", world["guest"], typed),
        Question(name="complete, as a Professional", kinds=_each(typed, _completing(world["professional"]))),
        Question(name="open an invitation's link", kinds=_links(world["invitations"])),
        Question(name="open a letter, as its To", kinds=_openings(world["letters"], world["guest"]["cookie"])),
    ]


def _checking(name: str, who: dict[str, str], typed: dict[str, Callable[[], str]]) -> Question:
    ask = _check(who)
    two = "two addresses at once"
    kinds = _each(typed, ask) | {two: lambda: ask(f"{_stranger()}, {_stranger()}")}
    return Question(name=name, kinds=kinds, may_differ=frozenset({two}))


def _each(typed: dict[str, Callable[[], str]], ask: Callable[[str], Request]) -> dict[str, Callable[[], Request]]:
    return {name: (lambda draw=draw: ask(draw())) for name, draw in typed.items()}


def _sign_in(address: str) -> Request:
    return Request(method="POST", path="/sign-in/", form={"address": address, "password": "not the password"})


def _reset(address: str) -> Request:
    return Request(method="POST", path="/password/reset/", form={"address": address})


def _check(who: dict[str, str]) -> Callable[[str], Request]:
    path, cookie = f"/drafts/{who['draft']}/recipients/", who["cookie"]
    return lambda typed: Request(method="POST", path=path, form={"to": typed}, cookie=cookie)


def _completing(who: dict[str, str]) -> Callable[[str], Request]:
    return lambda typed: Request(
        method="GET", path="/people/?" + urlencode({"q": typed}), form={}, cookie=who["cookie"]
    )


def _links(invitations: list[str]) -> dict[str, Callable[[], Request]]:
    def link(draw: Callable[[], str]) -> Callable[[], Request]:
        return lambda: Request(method="GET", path=f"/invitations/{draw()}/{secrets.token_urlsafe(32)}/", form={})

    nobodys = link(lambda: str(uuid4()))
    return {"no such link": nobodys, "again": nobodys, "another token": link(_next_of(invitations))}


def _openings(letters: dict[str, list[str]], cookie: str) -> dict[str, Callable[[], Request]]:
    def opening(draw: Callable[[], str]) -> Callable[[], Request]:
        return lambda: Request(
            method="POST", path=f"/messages/{draw()}/openings/", form={"view": "letter"}, cookie=cookie
        )

    drawn = {name: opening(_next_of(ids)) for name, ids in letters.items()}
    first = next(iter(drawn))
    return {first: drawn[first], "again": drawn[first]} | drawn


def _stranger() -> str:
    return f"{secrets.token_hex(6)}@timing.example"


def _next_of(given: list[str]) -> Callable[[], str]:
    """One after the other, and from the start again: each address is tried as seldom as may be."""
    left: list[str] = []

    def draw() -> str:
        if not left:
            left.extend(given)
        return left.pop()

    return draw
