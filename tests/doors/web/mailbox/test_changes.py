"""What the page asks every few seconds."""

from collections.abc import Callable
from typing import Any

import pytest

from letterlock.domain.mailbox import changing, heading, listing
from tests.cast import People, visit
from tests.domain.mailbox.desks import mail
from tests.domain.mailbox.letters import send
from tests.doors.web.mailbox.doors import read


def test_nothing_new_is_no_content(people: People) -> None:
    since = changing.number_of(people.alice)

    response = visit(people.alice).get(f"/changes/?since={since}")

    assert response.status_code == 204
    assert response.content == b""


def test_what_changed_is_named(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    since = changing.number_of(people.alice)
    read(message, people.bob)
    browser = visit(people.alice)

    told = browser.get(f"/changes/?since={since}").json()

    assert f"message:{message.id}" in told["fragments"]
    assert browser.get(f"/changes/?since={told['number']}").status_code == 204


@pytest.mark.parametrize("number", ["<x>", "", "-1", "9" * 5000])
def test_a_number_that_is_none_asks_from_the_beginning(people: People, number: str) -> None:
    read(send(people.alice, to=[people.bob]), people.bob)

    assert visit(people.alice).get(f"/changes/?since={number}").status_code == 200


def test_the_page_carries_the_number_it_was_written_at(people: People) -> None:
    read(send(people.alice, to=[people.bob]), people.bob)

    page = visit(people.alice).get("/folders/sent/").content.decode()

    assert f'data-since="{changing.number_of(people.alice)}"' in page


@pytest.mark.parametrize(
    ("page", "module", "name"),
    [("/folders/inbox/", listing, "folder_page"), ("/messages/{first}/", heading, "head_of")],
)
def test_what_arrives_while_a_page_is_put_together_is_fetched_by_it(
    people: People, monkeypatch: pytest.MonkeyPatch, page: str, module: Any, name: str
) -> None:
    first = send(people.alice, to=[people.bob])
    late: list[str] = []
    monkeypatch.setattr(module, name, _then(getattr(module, name), lambda: late.append(_arrive(people))))
    browser = visit(people.bob)

    shown = browser.get(page.format(first=first.id)).content.decode()

    assert late
    told = browser.get(f"/changes/?since={_number_on(shown)}").json()
    assert "list:inbox" in told["fragments"]


def _then(read: Callable[..., Any], happen: Callable[[], None]) -> Callable[..., Any]:
    def reading(*given: Any, **named: Any) -> Any:
        found = read(*given, **named)
        happen()
        return found

    return reading


def _arrive(people: People) -> str:
    return str(mail(people.alice, to=[people.bob.address]).id)


def _number_on(page: str) -> str:
    return page.partition('data-since="')[2].partition('"')[0]
