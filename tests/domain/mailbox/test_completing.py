"""Completion offers people one has written with, and never betrays a Bcc."""

import pytest

from letterlock.domain.accounts.models import Account, State
from letterlock.domain.mailbox import completing
from tests.cast import People, register
from tests.domain.mailbox.desks import answer, mail, place, press_send, write
from tests.domain.mailbox.letters import later

bob = "bob@client.example"
carol = "carol@acme.example"
dora = "dora@acme.example"


def offered(account: Account, text: str) -> list[str]:
    return [person.address for person in completing.people_like(account, text)]


def test_people_one_has_written_to_are_offered_by_the_start_of_name_or_address(people: People) -> None:
    mail(people.alice, to=[bob])
    for text in ("b", "Bob", "bren", "BRENNAN", "bob@cl", " bob "):
        assert offered(people.alice, text) == [bob]
    for text in ("", "  ", "ob", "client", "%", ".*", "(", "\\"):
        assert offered(people.alice, text) == []


def test_people_who_have_written_are_offered_too(people: People) -> None:
    mail(people.alice, to=[bob])
    assert offered(people.bob, "al") == ["alice@acme.example"]


@pytest.mark.parametrize("typed", ["\x00", "(", "\\", "[a-", "\x00ca"])
def test_what_is_no_name_offers_nobody_or_those_it_begins(people: People, typed: str) -> None:
    mail(people.alice, to=[bob, carol])
    assert len(offered(people.alice, typed)) == int(typed.endswith("ca"))


def test_nobody_else_is_offered(people: People) -> None:
    mail(people.alice, to=[bob, carol])
    assert offered(people.bob, "carol") == []
    assert offered(people.carol, "bob") == []
    assert offered(people.dora, "a") == []
    assert offered(people.mallory, "b") == []


def test_completion_never_offers_a_bcc(people: People) -> None:
    message = mail(people.alice, to=[bob], cc=(carol,), bcc=(dora,))
    press_send(answer(message, people.bob), people.bob)
    assert offered(people.alice, "dora") == [dora]
    assert offered(people.bob, "dora") == offered(people.carol, "dora") == []


def test_the_latest_come_first_and_no_more_than_asked_for(people: People) -> None:
    mail(people.alice, to=[f"p{number}@many.example" for number in range(5)])
    press_send(write(people.alice, to=["p9@many.example"]), people.alice, at=later(5))
    found = completing.people_like(people.alice, "p", limit=3)
    assert (len(found), found[0].address) == (3, "p9@many.example")


def test_case_is_forgiven_in_every_script(people: People) -> None:
    register(people.alice.platform, "elodie@far.example", name="Élodie Ångström")
    mail(people.alice, to=["elodie@far.example"])
    assert offered(people.alice, "éLO") == offered(people.alice, "ång") == ["elodie@far.example"]


def test_a_closed_account_is_not_offered(people: People) -> None:
    mail(people.alice, to=[carol])
    Account.objects.filter(id=people.carol.id).update(state=State.CLOSED)
    assert offered(people.alice, "carol") == []


@pytest.mark.parametrize("count", [1, 40])
def test_completion_takes_one_query_however_many_there_are(
    people: People, django_assert_num_queries, count: int
) -> None:
    message = mail(people.alice, to=[f"p{number}@many.example" for number in range(count)])
    assert place(message, people.alice)
    with django_assert_num_queries(1):
        completing.people_like(people.alice, "p")
