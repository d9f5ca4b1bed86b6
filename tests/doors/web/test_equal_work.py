"""Whoever asks for an address learns nothing: one answer, and one amount of work, whatever state the address is in.

Work is counted, not timed: statements with the number of their values, and hashes. `bin/timing` looks at the clock.
"""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import drafting
from letterlock.domain.mailbox.models import DraftKind
from letterlock.domain.mailbox.tidying import DraftChanges
from letterlock.domain.notices.models import Mail
from letterlock.foundation.outbox import working
from tests.cast import People, stranger, visit
from tests.domain.accounts.doing import invite
from tests.domain.mailbox.letters import send
from tests.working import Work, counted

#: All of one length, so that no answer is longer for the address alone.
addresses = {
    "nobody": "nemo1@client.example",
    "Guest": "bob@client.example",
    "Professional": "carol@acme.example",
    "invited": "erin1@client.example",
    "elsewhere": "mallory@globex.example",
}
new = ("nobody", "invited", "elsewhere")
#: Asked about first: what a process keeps after its first time belongs to no state.
warming = "nemo2@client.example"
Answers = dict[str, tuple[object, Work]]


@pytest.fixture
def asked(people: People) -> People:
    """The cast, and somebody who was invited."""
    invite(people.alice, addresses["invited"])
    return people


def test_a_wrong_sign_in_costs_the_same_whoever_is_meant(asked: People) -> None:
    def sign_in(address: str) -> HttpResponse:
        return fresh(asked).post("/sign-in/", {"address": address, "password": "not the password"})

    answers = each(sign_in)

    assert_alike(answers)
    assert {len(work.hashes) for _answer, work in answers.values()} == {1}


def test_asking_for_a_reset_costs_the_same_whoever_is_meant(asked: People) -> None:
    assert_alike(each(lambda address: fresh(asked).post("/password/reset/", {"address": address})))


def test_a_wrong_reset_code_costs_the_same_whoever_is_meant(asked: People) -> None:
    ways: dict[str, str] = {}

    def try_code(address: str, browser: Client) -> HttpResponse:
        return browser.post(ways[address], {"code": "00000000", "password": "a goose walks over granite"})

    answers: Answers = {}
    for state, address in {"warming": warming, **addresses}.items():
        browser = fresh(asked)
        ways[address] = browser.post("/password/reset/", {"address": address}).headers["Location"]
        answers[state] = measured(address, lambda one, browser=browser: try_code(one, browser))
    del answers["warming"]
    assert_alike(answers)


def test_nobody_but_the_owner_of_an_account_is_sent_a_code(asked: People) -> None:
    for address in addresses.values():
        fresh(asked).post("/password/reset/", {"address": address})
    working.run_due_jobs(at=timezone.now())

    told = {mail.account.address for mail in Mail.objects.filter(kind="code")}
    assert told == {addresses["Guest"], addresses["Professional"]}


def test_a_guest_learns_of_no_account_by_checking_a_recipient(asked: People) -> None:
    message = send(asked.alice, to=[asked.bob])
    draft = drafting.start_reply(message, kind=DraftKind.REPLY, by=asked.bob, at=timezone.now())
    browser = visit(asked.bob)
    unmet = {state: address for state, address in addresses.items() if state != "Guest"} | {"dora": "dora@acme.example"}

    answers = {
        state: measured(address, lambda one: browser.post(f"/drafts/{draft.id}/recipients/", {"to": one}))
        for state, address in unmet.items()
    }
    assert_alike(answers)
    assert_as_many_accounts_are_read(answers)


def test_somebody_invited_or_of_another_platform_is_as_new_as_anybody(asked: People) -> None:
    draft, browser = drafting.start_draft(by=asked.alice, at=timezone.now()), visit(asked.alice)

    answers = each(lambda one: browser.post(f"/drafts/{draft.id}/recipients/", {"to": one}), among=new)
    assert_alike(answers)
    assert_as_many_accounts_are_read(answers)


def test_new_user_detected_is_said_of_all_who_are_new_alike(asked: People) -> None:
    browser = visit(asked.alice)

    def press_send(address: str) -> HttpResponse:
        form = {"version": saved.version, "idempotency_key": uuid4()}
        return browser.post(f"/drafts/{saved.id}/sending/", form, headers={"hx-request": "true"})

    answers: Answers = {}
    for state in new:
        draft = drafting.start_draft(by=asked.alice, at=timezone.now())
        changes = DraftChanges(to=(addresses[state],), subject="Figures", html="<p>Soon.</p>")
        saved = drafting.save_draft(draft, changes=changes, version=1, by=asked.alice, at=timezone.now())
        answers[state] = measured(addresses[state], press_send, hidden=str(saved.id))
    assert_alike(answers)


def test_completion_costs_the_same_for_everybody_one_has_not_written_with(asked: People) -> None:
    browser = visit(asked.alice)

    assert_alike(each(lambda address: browser.get("/people/", {"q": address})))


def fresh(people: People) -> Client:
    """A stranger's browser, from a network of its own."""
    browser = stranger(people.alice.platform)
    browser.defaults["REMOTE_ADDR"] = f"198.51.100.{next(networks)}"
    return browser


networks = iter(range(1, 250))


def each(ask: Callable[[str], HttpResponse], *, among: tuple[str, ...] = tuple(addresses)) -> Answers:
    ask(warming)
    return {state: measured(addresses[state], ask) for state in among}


def measured(address: str, ask: Callable[[str], Any], *, hidden: str = "") -> tuple[object, Work]:
    with counted() as work:
        response = ask(address)
    return likeness(response, address, hidden), work


def likeness(response: HttpResponse, address: str, hidden: str) -> object:
    """Status, headers, cookies and words, without the address itself and names that are fresh each time."""
    told = repr((response.status_code, sorted(response.headers.items()), response.content))
    for name in (address, hidden):
        told = told.replace(name, "…") if name else told
    told = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9]{64}", "…", told)
    cookies = sorted((name, cookie["max-age"], cookie["path"]) for name, cookie in response.cookies.items())
    return re.sub(r"'Content-Length', '\d+'", "", told), cookies


def assert_as_many_accounts_are_read(answers: Answers) -> None:
    """Making a row of a person takes its time too; where a person has to be found to go on, it cannot be spared."""
    assert len({work.accounts_read for _told, work in answers.values()}) == 1


def assert_alike(answers: Answers) -> None:
    first, (told, work) = next(iter(answers.items()))
    for state, (also_told, also_work) in answers.items():
        assert also_told == told, f"{state} is answered otherwise than {first}"
        assert also_work.hashes == work.hashes, f"{state} costs other hashes than {first}"
        differing = set(also_work.statements) ^ set(work.statements)
        assert also_work.statements == work.statements, f"{state} costs other work than {first}: {differing}"


def test_the_states_are_what_they_are_called(asked: People) -> None:
    here = Account.objects.of(asked.alice.platform).filter(address__in=addresses.values())
    found = {account.address: (account.state, account.status) for account in here}
    assert found == {
        addresses["Guest"]: ("active", "guest"),
        addresses["Professional"]: ("active", "professional"),
        addresses["invited"]: ("pending", "guest"),
    }
