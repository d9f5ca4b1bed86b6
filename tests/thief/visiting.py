"""Somebody signed in who has no part in a letter, but knows every id there is: at each address of the product."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver

from letterlock.domain.accounts.models import Challenge, Invitation, Session
from letterlock.domain.mailbox.models import Message, Part, Participation
from tests.cast import Browser
from tests.thief import scene
from tests.thief.scene import Stage
from tests.thief.thieves import Sight

_place = re.compile(r"<(?:\w+:)?(\w+)>")
_token = re.compile(r"[A-Za-z0-9]{64}|[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Answer:
    """Status and content, without what differs between any two answers."""

    status: int
    content: str


def addresses() -> Iterator[str]:
    """Every address with a place for something's id."""
    return (route for route in _routes(get_resolver().url_patterns) if "<" in route and "path>" not in route)


def ids_of(letter: Message, stage: Stage) -> dict[str, str]:
    """What a thief finds in the database for each place in an address."""
    place = Participation.objects.filter(message=letter, account=stage.people.bob).get()
    values: dict[str, Any] = {
        "message_id": letter.id,
        "draft_id": stage.letters.draft.id,
        "reference": Part.objects.filter(owner_id=stage.letters.standing.id, kind="picture").get().reference,
        "participation_id": place.id,
        "invitation_id": Invitation.objects.order_by("id")[0].id,
        "challenge_id": Challenge.objects.order_by("id")[0].id,
        "session_id": Session.objects.filter(account=stage.people.alice).order_by("id")[0].id,
    }
    return {name: str(value) for name, value in values.items()} | made_up_words


def made_up_ids() -> dict[str, str]:
    """Ids of nothing."""
    names = ("message_id", "draft_id", "reference", "participation_id", "invitation_id", "challenge_id", "session_id")
    return {name: str(uuid4()) for name in names} | made_up_words


made_up_words = {"folder": "inbox", "token": "A" * 43}


def ask(browser: Browser, method: str, route: str, ids: dict[str, str]) -> Answer:
    """What this address answers to them, with each id replaced by its name."""
    fields = {"view": "letter", "folder": "trash", "kind": "reply", "version": "1"} if method == "post" else {}
    answer = getattr(browser, method)(_filled(route, ids), fields)
    content = answer.content.decode("utf-8", "replace") + str(answer.headers.get("Location", ""))
    for name, value in ids.items():
        content = content.replace(value, name) if name.endswith("_id") or name == "reference" else content
    return Answer(answer.status_code, _token.sub("TOKEN", content))


def sights_of(browser: Browser, stage: Stage) -> set[Sight]:
    """What of the letters stands in any answer, and whether answers tell that something exists."""
    seen: set[Sight] = set()
    standing, recalled = (ids_of(one, stage) for one in (stage.letters.standing, stage.letters.recalled))
    for route, method in product(addresses(), ("get", "post")):
        of_nothing = ask(browser, method, route, made_up_ids())
        for ids in (standing, recalled) if "message_id" in route else (standing,):
            real = ask(browser, method, route, ids)
            seen |= _sights_in(real.content, stage) | ({Sight.EXISTENCE} if real != of_nothing else set())
    for path in (f"/people/?q={stage.people.bob.address[:6]}", f"/codes/?code={stage.letters.standing.code}"):
        seen |= _sights_in(browser.get(path).content.decode(), stage)
    return seen


def _sights_in(content: str, stage: Stage) -> set[Sight]:
    marks = {
        Sight.PEOPLE: (stage.people.bob.address,),
        Sight.SUBJECTS: (scene.subject, scene.draft_subject),
        Sight.REASONS: (scene.reason,),
        Sight.STANDING: (scene.words, scene.draft_words),
    }
    return {sight for sight, words in marks.items() if any(one in content for one in words)}


def _routes(patterns: list[Any], before: str = "/") -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route


def _filled(route: str, ids: dict[str, str]) -> str:
    missing = set(_place.findall(route)) - set(ids)
    assert not missing, (
        f"{route} has a place for {missing}: say in tests/thief/visiting.py what a thief would put there."
    )
    return _place.sub(lambda place: ids[place[1]], route)
