"""Verdicts on recipients while a letter is written."""

import pytest

from letterlock.domain.accounts.models import Account, State
from letterlock.domain.mailbox import checking, drafting
from letterlock.domain.mailbox.checking import RecipientState, RecipientVerdict
from letterlock.domain.mailbox.models import Draft, DraftKind
from tests.cast import People, register
from tests.domain.mailbox.desks import mail, stranger, write
from tests.domain.mailbox.letters import send, sent_at

bob = "bob@client.example"
carol = "carol@acme.example"


def verdicts(typed: list[str], by: Account, draft: Draft) -> list[RecipientVerdict]:
    return checking.check_recipients(typed, by=by, draft=draft)


def states(typed: list[str], by: Account, draft: Draft) -> list[str]:
    return [verdict.state for verdict in verdicts(typed, by, draft)]


def test_each_address_gets_its_verdict_in_its_order(people: People) -> None:
    found = verdicts([stranger, "not an address", bob, "BOB@Client.Example", "x@"], people.alice, write(people.alice))
    assert [one.state for one in found] == ["new", "invalid", "known", "known", "invalid"]
    assert found[2].name == "Bob Brennan"
    assert found[3].normal == bob
    assert stranger in found[0].sentence
    assert "“x@” is no e-mail address" in found[4].sentence


def test_somebody_invited_who_never_came_is_still_new(people: People) -> None:
    mail(people.alice, to=[stranger])
    assert states([stranger], people.alice, write(people.alice)) == [RecipientState.NEW]


def test_people_of_another_platform_are_not_known_here(people: People) -> None:
    found = verdicts(["mallory@globex.example"], people.alice, write(people.alice))[0]
    assert (found.state, found.name) == (RecipientState.NEW, "")


def test_a_closed_account_cannot_be_written_to(people: People) -> None:
    Account.objects.filter(id=people.carol.id).update(state=State.CLOSED)
    found = verdicts([carol], people.alice, write(people.alice))[0]
    assert found.state == RecipientState.REFUSED
    assert carol in found.sentence


def test_a_guest_learns_nothing_of_who_has_an_account(people: People) -> None:
    other_guest = register(people.bob.platform, "gus@other.example", name="Gus")
    message = send(people.alice, to=[people.bob], bcc=[people.dora])
    mail(people.alice, to=[bob])
    draft = drafting.start_reply(message, kind=DraftKind.REPLY, by=people.bob, at=sent_at)
    typed = [stranger, carol, other_guest.address, "dora@acme.example"]
    found = verdicts(typed, people.bob, draft)
    assert {one.state for one in found} == {RecipientState.REFUSED}
    assert {one.name for one in found} == {""}
    assert len({one.sentence for one in found}) == 1
    assert "Alice Ashdown" in found[0].sentence


def test_a_guest_may_write_to_those_in_the_conversation_and_to_professionals_met_before(people: People) -> None:
    mail(people.carol, to=[bob])
    message = send(people.alice, to=[people.bob], cc=[people.dora])
    draft = drafting.start_reply(message, kind=DraftKind.REPLY, by=people.bob, at=sent_at)
    known = ["alice@acme.example", "dora@acme.example", carol]
    assert states(known, people.bob, draft) == [RecipientState.KNOWN] * 3


def test_under_reply_freeze_everybody_but_the_sender_is_refused(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol], reply_freeze=True)
    draft = drafting.start_reply(message, kind=DraftKind.REPLY, by=people.carol, at=sent_at)
    found = states(["alice@acme.example", bob, stranger], people.carol, draft)
    assert found == [RecipientState.KNOWN, RecipientState.REFUSED, RecipientState.REFUSED]
    own = drafting.start_reply(message, kind=DraftKind.REPLY, by=people.alice, at=sent_at)
    assert states([bob, stranger], people.alice, own) == [RecipientState.KNOWN, RecipientState.NEW]


def test_five_hundred_addresses_are_checked_in_a_handful_of_queries(
    people: People, django_assert_max_num_queries
) -> None:
    draft = write(people.alice)
    typed = [f"p{number}@many.example" for number in range(500)]
    with django_assert_max_num_queries(5):
        found = states(typed, people.alice, draft)
    assert found == [RecipientState.NEW] * 500


@pytest.mark.parametrize("typed", ["", "@", "a" * 5000 + "@x.example", "a\x00@x.example", "<b>@x.example"])
def test_nothing_typed_breaks_the_check(people: People, typed: str) -> None:
    assert states([typed], people.alice, write(people.alice)) == [RecipientState.INVALID]
