"""Sending an answer: what it hangs on, what it may not do, and what others see of it."""

from datetime import timedelta

import pytest

from letterlock.domain.accounts.models import Account, Invitation, State
from letterlock.domain.mailbox import (
    answering,
    changing,
    checking,
    recalling,
    sending,
)
from letterlock.domain.mailbox.models import Draft, DraftKind, Message, Role
from letterlock.domain.policies import limits
from letterlock.foundation.audit import reading as ledger
from letterlock.foundation.kernel import transactions
from tests.cast import People
from tests.domain.mailbox.desks import (
    answer,
    mail,
    place,
    press_send,
    save,
    stranger,
)
from tests.domain.mailbox.letters import later, sent_at
from tests.domain.mailbox.racing import together

alice = "alice@acme.example"
bob = "bob@client.example"
carol = "carol@acme.example"
dora = "dora@acme.example"


def roles(message: Message) -> dict[str, str]:
    return dict(message.participations.values_list("account__address", "role"))


def test_an_answer_hangs_on_its_message_and_the_conversation(people: People) -> None:
    first = mail(people.alice, to=[bob])
    second = press_send(answer(first, people.bob), people.bob)
    third = press_send(answer(second, people.alice), people.alice)
    assert (second.parent_id, second.root_id) == (first.id, first.id)
    assert (third.parent_id, third.root_id) == (second.id, first.id)


def test_answering_marks_the_message_as_replied_once(people: People) -> None:
    first = mail(people.alice, to=[bob])
    press_send(answer(first, people.bob), people.bob, at=later(1))
    press_send(answer(first, people.bob), people.bob, at=later(9))
    assert place(first, people.bob).replied_at == later(1)
    replied = [fact for fact in ledger.facts_about(first.platform_id, first.id) if fact.event.endswith("replied")]
    assert [fact.object_id for fact in replied] == [place(first, people.bob).id] * 2


def test_an_answer_starts_with_the_same_span_from_its_own_sending(people: People) -> None:
    first = mail(people.alice, to=[bob], lifetime=timedelta(days=7))
    second = press_send(answer(first, people.bob), people.bob, at=later(60))
    assert second.expires_at == later(60) + timedelta(days=7)


def test_the_page_of_the_answered_message_hears_of_the_answer(people: People) -> None:
    first = mail(people.alice, to=[bob])
    before = changing.number_of(people.alice)
    press_send(answer(first, people.bob), people.bob)
    changes = changing.changes_since(people.alice, before)
    assert changes is not None
    assert {f"message:{first.id}", "list:inbox"} <= set(changes.fragments)


def test_an_answer_by_somebody_bccd_stirs_nobody_but_its_people(people: People) -> None:
    first = mail(people.alice, to=[bob], bcc=(carol,))
    before = changing.number_of(people.bob)
    press_send(answer(first, people.carol), people.carol)
    assert changing.changes_since(people.bob, before) is None


def test_a_message_recalled_while_the_answer_was_written_is_not_answered(people: People) -> None:
    first = mail(people.alice, to=[bob])
    draft = answer(first, people.bob)
    recalling.recall_message(first, reason="", destroy_own_copy=False, by=people.alice, at=later())
    with pytest.raises(answering.ParentGone):
        press_send(draft, people.bob, at=later(2))
    assert Draft.objects.filter(id=draft.id).exists()


def test_a_message_that_expired_meanwhile_is_not_answered(people: People) -> None:
    first = mail(people.alice, to=[bob], lifetime=timedelta(hours=1))
    with pytest.raises(answering.ParentGone):
        press_send(answer(first, people.bob), people.bob, at=later(61))


def test_a_recall_and_an_answer_at_once_have_one_outcome(people: People) -> None:
    first = mail(people.alice, to=[bob])
    draft = answer(first, people.bob)
    recalled, answered = together(
        lambda: recalling.recall_message(first, reason="", destroy_own_copy=False, by=people.alice, at=later()),
        lambda: press_send(draft, people.bob, at=later()),
    )
    assert not isinstance(recalled, Exception)
    assert isinstance(answered, Message | answering.ParentGone)
    assert Draft.objects.filter(id=draft.id).exists() == isinstance(answered, answering.ParentGone)
    assert Message.objects.count() == (1 if isinstance(answered, answering.ParentGone) else 2)


@pytest.mark.parametrize("added", [stranger, carol, "mallory@globex.example"])
def test_a_guest_brings_nobody_in(people: People, added: str) -> None:
    first = mail(people.alice, to=[bob])
    draft = save(answer(first, people.bob), people.bob, to=(alice, added))
    accounts = Account.objects.count()
    with pytest.raises(checking.GuestsCannotInvite) as refused:
        press_send(draft, people.bob)
    assert "Alice Ashdown" in refused.value.explain()
    assert Account.objects.count() == accounts
    assert not Invitation.objects.exists()


def test_a_guest_answers_all_of_a_conversation_with_somebody_invited(people: People) -> None:
    first = mail(people.alice, to=[bob, stranger])
    message = press_send(answer(first, people.bob, kind=DraftKind.REPLY_ALL), people.bob, invite=False)
    assert roles(message) == {bob: Role.FROM, alice: Role.TO, stranger: Role.TO}
    assert Invitation.objects.count() == 1


def test_a_guest_renews_no_invitation_that_has_lapsed(people: People) -> None:
    first = mail(people.alice, to=[bob, stranger])
    before = Invitation.objects.get()
    draft = answer(first, people.bob, kind=DraftKind.REPLY_ALL)
    press_send(draft, people.bob, at=sent_at + limits.invitation_lifetime)
    assert Invitation.objects.get().expires_at == before.expires_at


def test_somebody_who_registers_while_the_letter_is_sent_needs_no_invitation(people: People) -> None:
    mail(people.alice, to=[stranger])
    seen_pending = Account.objects.get(address=stranger)
    Account.objects.filter(id=seen_pending.id).update(state=State.ACTIVE, registered_at=sent_at)
    with transactions.writing():
        sending.invite_newcomer(seen_pending, by=people.alice, at=sent_at)
    assert Invitation.objects.count() == 1


def test_reply_freeze_holds_when_people_are_added_by_hand(people: People) -> None:
    first = mail(people.alice, to=[bob, carol], reply_freeze=True)
    draft = save(answer(first, people.carol), people.carol, cc=(bob,))
    with pytest.raises(answering.ReplyFrozen):
        press_send(draft, people.carol)
    assert press_send(save(draft, people.carol, cc=()), people.carol).all_people == 1


def test_the_first_sender_is_not_bound_by_reply_freeze(people: People) -> None:
    first = mail(people.alice, to=[bob, carol], reply_freeze=True)
    second = press_send(answer(first, people.carol), people.carol)
    draft = save(answer(second, people.alice), people.alice, cc=(bob,))
    assert press_send(draft, people.alice).all_people == 2


def test_an_answer_whose_message_is_no_longer_known_is_not_sent(people: People) -> None:
    draft = answer(mail(people.alice, to=[bob]), people.bob)
    Draft.objects.filter(id=draft.id).update(parent=None)
    with pytest.raises(answering.ParentGone):
        press_send(draft, people.bob)
    assert Draft.objects.filter(id=draft.id).exists()
