"""Comparing what everybody gets of one address with the table: a sentence for each difference."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse

from letterlock.domain.accounts.models import Throttle
from letterlock.doors.frame import walls
from tests import once
from tests.doors.matrix import asking, stores
from tests.doors.matrix.expectations import without_head
from tests.doors.matrix.rows import Answer, Row, everybody, methods, unknown_host
from tests.doors.matrix.walking import Page
from tests.doors.matrix.world import Thing, World

#: The letter and a picture have policies of their own; their refusals are pages.
own_policies = {"mailbox:openings": walls.letter_policy, "mailbox:picture": "default-src 'none'; sandbox"}
#: The same for everybody, and kept by browsers while nobody is signed in.
public_files = {"brand", "favicon"}
Sentences = Iterator[str]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One question: who asks what, and what the table says of it."""

    page: Page
    row: Row
    method: str
    who: str
    thing: Thing

    @property
    def wanted(self) -> Answer:
        return self.row.cells[self.who]

    def __str__(self) -> str:
        return f"{self.method} {self.page.route} ({self.row.thing}) by {self.who}"


def judge(world: World, page: Page, rows: list[Row]) -> Sentences:
    """Everything about one address: methods, forms without a token, then each cell of its rows."""
    yield from judge_methods(world, page, rows)
    yield from judge_forms(world, page, rows)
    for case in _in_order(_cases(world, page, rows)):
        yield from judge_case(world, case)


def judge_methods(world: World, page: Page, rows: list[Row]) -> Sentences:
    """A method without a row is refused to everybody, and changes nothing."""
    before, path = stores.contents(), asking.address_of(page, _thing(world, rows[0]))
    for method in sorted(set(methods) - _answered(page, rows)):
        for who, browser in world.browsers.items():
            response = asking.ask(browser, method, path, {})
            yield from _walls(page, f"{method} {page.route} by {who}", response)
            if response.status_code != (404 if who == unknown_host else 405):
                yield (
                    f"{method} {page.route} answered {response.status_code} to {who}, and no row of "
                    "tests/doors/matrix/expectations.py speaks of it. Refuse the method, or add a row."
                )
    yield from _changes(f"Refused methods of {page.route}", before, allowed=())


def judge_forms(world: World, page: Page, rows: list[Row]) -> Sentences:
    """A form without its token is refused to everybody, and changes nothing."""
    before = stores.contents()
    for row in rows:
        if row.method == "POST":
            yield from _judge_form(world, page, row)
    yield from _changes(f"Forms without a token at {page.route}", before, allowed=())


def judge_case(world: World, case: Case) -> Sentences:
    """One cell."""
    # Each try is the first of its kind: what throttles do is told elsewhere.
    Throttle.objects.all().delete()
    before = stores.contents()
    response = _ask(world, case)
    done = stores.changed(before, stores.contents()) - set(case.row.costs)
    found = asking.verdict(response, has_changed=bool(done))
    if found != case.wanted:
        yield f"{case}: {found} ({response.status_code}) instead of {case.wanted}; changed: {sorted(done)}"
    elif case.wanted != Answer.DOES and done:
        yield f"{case}: {found}, and yet changed {sorted(done)}"
    yield from _walls(case.page, str(case), response)
    # What a page looks like hangs on no database: that it looks the same is shown on SQLite.
    if case.wanted in {Answer.NOTHING, Answer.SIGN_IN} and case.method != "HEAD" and not once.is_second_run:
        yield from _judge_likeness(world, case)


def _judge_form(world: World, page: Page, row: Row) -> Sentences:
    thing = _thing(world, row)
    for who, browser in world.browsers.items():
        browser.handler.enforce_csrf_checks = True
        response = asking.ask(browser, "POST", asking.address_of(page, thing), asking.form_of(row, thing))
        browser.handler.enforce_csrf_checks = False
        if who != unknown_host and (response.status_code != 403 or b"too old to be used" not in response.content):
            yield f"POST {page.route} ({row.thing}) by {who}: {response.status_code} without the form's token"


def _judge_likeness(world: World, case: Case) -> Sentences:
    """Not yours, and not there: the same answer to the byte, in whatever form it is asked for."""
    # One form for each person: the forms are few and those who find nothing are many, so that none is left out.
    headers = asking.manners[everybody.index(case.who) % len(asking.manners)]
    here = asking.likeness(_ask(world, case, headers=headers), case.thing)
    for other in asking.missing(case.page, case.thing):
        there = asking.likeness(_ask(world, case, instead=other, headers=headers), other)
        if here != there:
            yield f"{case} {dict(headers)}: not as what is not there: {asking.difference(here, there)}"


def _ask(
    world: World, case: Case, *, instead: Thing | None = None, headers: dict[str, str] | None = None
) -> HttpResponse:
    path = asking.address_of(case.page, instead or case.thing)
    given = asking.form_of(case.row, case.thing)
    return asking.ask(world.browsers[case.who], case.method, path, given, headers=headers)


def _cases(world: World, page: Page, rows: list[Row]) -> Iterator[Case]:
    for row in rows:
        spoken = ["GET", "HEAD"] if row.method == "GET" and page.name not in without_head else [row.method]
        for method in spoken:
            for who in everybody:
                yield Case(page=page, row=row, method=method, who=who, thing=_thing(world, row))


def _in_order(cases: Iterator[Case]) -> list[Case]:
    # First everything that changes nothing: each deed is somebody's own, and spoils no other. What can be done once
    # comes last, and is refused to the others after it was done.
    return sorted(cases, key=lambda case: (case.row.once, (case.wanted == Answer.DOES) != case.row.once))


def _answered(page: Page, rows: list[Row]) -> set[str]:
    named = {row.method for row in rows}
    return named | ({"HEAD"} if "GET" in named and page.name not in without_head else set())


def _thing(world: World, row: Row) -> Thing:
    return world.things.get(row.thing, {})


def _changes(what: str, before: stores.Contents, *, allowed: tuple[str, ...]) -> Sentences:
    done = stores.changed(before, stores.contents()) - set(allowed)
    if done:
        yield f"{what} changed {sorted(done)}"


def _walls(page: Page, what: str, response: HttpResponse) -> Sentences:
    kept = response.headers.get("Cache-Control")
    if kept != "no-store" and not (page.name in public_files and response.status_code == 200):
        yield f"{what}: may be kept ({kept})"
    if response.headers.get("Content-Security-Policy") not in {walls.page_policy, own_policies.get(page.name)}:
        yield f"{what}: another policy ({response.headers.get('Content-Security-Policy')})"
    if what.endswith(f"by {unknown_host}") and response.content not in {asking.nothing_here, b""}:
        yield f"{what}: another page than everywhere"
