"""The right address instead of the wrong one, the invitation again, the letter once more."""

from datetime import timedelta
from uuid import UUID

import pytest

from letterlock.domain.accounts import inviting
from letterlock.domain.accounts.models import Account, Invitation, State
from letterlock.domain.mailbox import (
    completing,
    correcting,
    drafting,
    picturing,
    reading,
    recalling,
    sending,
    shredding,
    tracking,
)
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import DraftKind, Folder, Message, Participation, Role
from letterlock.foundation.audit import reading as ledger
from letterlock.foundation.kernel.refusals import NotFound, Refusal
from letterlock.foundation.outbox import working
from letterlock.foundation.outbox.models import Job
from letterlock.foundation.vault import wrapping
from letterlock.foundation.vault.keystore.models import Reason, Share, Tombstone
from tests.cast import People
from tests.domain.mailbox.desks import answer, mail, place, png, press_send, save, stranger, text, words_for, write
from tests.domain.mailbox.letters import client, fresh, later, sent_at
from tests.domain.mailbox.racing import together

bob = "bob@client.example"
carol = "carol@acme.example"
dora = "dora@acme.example"
wrong = "nina@nwe.example"


def correct(message: Message, account: Account, address: str, by: Account, **given: object) -> Participation:
    asked = {"at": later(), "client": client} | given
    return correcting.correct_address(place(message, account), address=address, by=by, **asked)


def account_at(address: str) -> Account:
    return Account.objects.get(address=address)


def holders(message: Message) -> set[UUID]:
    return {holder.id for holder in wrapping.holders_of(shredding.thing_of(message.id))}


def test_the_right_person_gets_the_message_and_the_wrong_one_loses_it(people: People) -> None:
    message = mail(people.alice, to=[bob])
    right = correct(message, people.bob, carol, people.alice)
    assert words_for(message, people.carol) == text
    assert holders(message) == {people.alice.id, people.carol.id}
    with pytest.raises(NotFound):
        words_for(message, people.bob)
    assert (right.role, right.folder, right.is_unread, right.sorted_at) == (Role.TO, Folder.INBOX, True, later())
    assert Tombstone.objects.get(holder_id=people.bob.id).reason == Reason.REMOVED


def test_both_stay_on_the_senders_slip(people: People) -> None:
    message = mail(people.alice, to=[bob])
    correct(message, people.bob, carol, people.alice)
    reading.review(message, by=people.alice, at=later(2), client=client)
    slip = tracking.slip_of(message, viewer=people.alice, at=later(3))
    assert {one.person.address for one in slip.participants} >= {bob, carol}
    assert place(message, people.bob).removed_at == later()


def test_a_new_person_is_invited_with_it(people: People) -> None:
    message = mail(people.alice, to=[wrong])
    correct(message, account_at(wrong), stranger, people.alice)
    nina = account_at(stranger)
    assert nina.is_pending
    assert holders(message) == {people.alice.id, nina.id}
    assert Invitation.objects.filter(account=nina).exists()


def test_the_notices_are_told_of_the_new_place(people: People) -> None:
    message = mail(people.alice, to=[bob])
    right = correct(message, people.bob, carol, people.alice)
    ids = Job.objects.filter(topic=MailboxEvent.ADDRESS_CORRECTED).first().ids
    assert (ids["old"], ids["new"]) == (str(place(message, people.bob).id), str(right.id))
    fact = ledger.facts_about(message.platform_id, message.id)[-1]
    assert (fact.event, fact.actor, fact.client) == (MailboxEvent.ADDRESS_CORRECTED, str(people.alice.id), client)


def test_a_bcc_stays_a_bcc(people: People) -> None:
    message = mail(people.alice, to=[bob], bcc=(carol,))
    assert correct(message, people.carol, dora, people.alice).role == Role.BCC
    assert (fresh(message).open_people, fresh(message).all_people) == (1, 2)


def test_what_the_wrong_person_had_opened_is_no_longer_counted(people: People) -> None:
    message = mail(people.alice, to=[bob])
    words_for(message, people.bob)
    assert (fresh(message).open_retrieved, fresh(message).all_retrieved) == (1, 1)
    correct(message, people.bob, carol, people.alice)
    assert (fresh(message).open_retrieved, fresh(message).all_retrieved) == (0, 0)
    assert place(message, people.bob).retrieved_at == sent_at


def test_a_mistaken_address_is_not_offered_again(people: People) -> None:
    message = mail(people.alice, to=[wrong])
    correct(message, account_at(wrong), stranger, people.alice)
    assert [one.address for one in completing.people_like(people.alice, "nina")] == [stranger]


def test_somebody_one_writes_with_otherwise_is_still_offered(people: People) -> None:
    mail(people.alice, to=[bob])
    message = mail(people.alice, to=[bob])
    correct(message, people.bob, carol, people.alice)
    assert [one.address for one in completing.people_like(people.alice, "bob")] == [bob]


@pytest.mark.parametrize("name", ["bob", "carol", "dora", "mallory", "alice_at_globex"])
def test_only_the_sender_corrects_and_invites_again(people: People, name: str) -> None:
    message, by = mail(people.alice, to=[bob, stranger], cc=(carol,)), people.by_name(name)
    with pytest.raises(NotFound):
        correct(message, people.bob, dora, by)
    with pytest.raises(NotFound):
        correcting.resend_invitation(place(message, account_at(stranger)), by=by, at=later())
    with pytest.raises(NotFound):
        correcting.start_correction(message, by=by, at=later())
    assert people.bob.id in holders(message)


def test_the_senders_own_place_cannot_be_corrected(people: People) -> None:
    message = mail(people.alice, to=[bob])
    with pytest.raises(NotFound):
        correct(message, people.alice, carol, people.alice)


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        ("nobody", sending.InvalidRecipients),
        (bob, correcting.AlreadyTakesPart),
        ("BOB@client.example", correcting.AlreadyTakesPart),
        (carol, correcting.AlreadyTakesPart),
        ("alice@acme.example", correcting.AlreadyTakesPart),
    ],
)
def test_an_address_that_cannot_be_right_is_refused(people: People, address: str, refusal: type[Refusal]) -> None:
    message = mail(people.alice, to=[bob], cc=(carol,))
    with pytest.raises(refusal):
        correct(message, people.bob, address, people.alice)
    assert place(message, people.bob).removed_at is None


def test_a_closed_account_gets_nothing(people: People) -> None:
    message = mail(people.alice, to=[bob])
    Account.objects.filter(id=people.carol.id).update(state=State.CLOSED)
    with pytest.raises(sending.InvalidRecipients):
        correct(message, people.bob, carol, people.alice)


def test_a_guest_corrects_to_people_of_the_conversation_only(people: People) -> None:
    first = mail(people.alice, to=[bob])
    message = press_send(answer(first, people.bob), people.bob)
    for address in (stranger, carol):
        with pytest.raises(Refusal) as refused:
            correct(message, people.alice, address, people.bob)
        assert refused.value.code == "mailbox.guests_cannot_invite"
    assert not Account.objects.filter(address=stranger).exists()


def test_a_recalled_or_expired_message_is_given_to_nobody(people: People) -> None:
    recalled = mail(people.alice, to=[bob])
    recalling.recall_message(recalled, reason="", destroy_own_copy=False, by=people.alice, at=later())
    expired = mail(people.alice, to=[bob], lifetime=timedelta(hours=1))
    for message in (recalled, expired):
        with pytest.raises(correcting.CannotBeCorrected):
            correct(message, people.bob, carol, people.alice, at=later(61))
        with pytest.raises(correcting.CannotBeCorrected):
            correcting.start_correction(message, by=people.alice, at=later(61))
        assert not message.participations.filter(account=people.carol).exists()


def test_a_share_that_could_not_be_destroyed_at_once_is_destroyed_by_the_outbox(
    people: People, unwritable_journal
) -> None:
    message = mail(people.alice, to=[bob])
    correct(message, people.bob, carol, people.alice)
    assert people.bob.id in holders(message)
    unwritable_journal()
    Job.objects.exclude(topic=MailboxEvent.ADDRESS_CORRECTED).delete()
    working.run_due_jobs(at=later(2))
    assert holders(message) == {people.alice.id, people.carol.id}


def test_correcting_and_recalling_at_once_leave_nobody_with_a_key(people: People) -> None:
    message = mail(people.alice, to=[bob])
    corrected, recalled = together(
        lambda: correct(message, people.bob, carol, people.alice),
        lambda: recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later()),
    )
    assert isinstance(corrected, Participation | correcting.CannotBeCorrected)
    assert not isinstance(recalled, Exception)
    working.run_due_jobs(at=later(2))
    named = {holder for holder in holders(message) if message.participations.filter(account_id=holder).exists()}
    assert named == {people.alice.id}


def test_two_corrections_at_once_have_one_outcome(people: People) -> None:
    message = mail(people.alice, to=[bob])
    answers = together(
        lambda: correct(message, people.bob, carol, people.alice),
        lambda: correct(message, people.bob, dora, people.alice),
    )
    assert sum(isinstance(one, Participation) for one in answers) == 1
    assert sum(isinstance(one, NotFound) for one in answers) == 1
    assert message.participations.filter(removed_at=None).exclude(role=Role.FROM).count() == 1


def test_an_invitation_is_sent_again_with_a_new_link(people: People) -> None:
    message = mail(people.alice, to=[stranger])
    before = Invitation.objects.get()
    correcting.resend_invitation(place(message, account_at(stranger)), by=people.alice, at=later())
    after = Invitation.objects.get()
    assert after.generation == before.generation + 1
    assert inviting.link_of(after) != inviting.link_of(before)


def test_somebody_registered_is_not_invited_again(people: People) -> None:
    message = mail(people.alice, to=[bob])
    with pytest.raises(inviting.AlreadyRegistered):
        correcting.resend_invitation(place(message, people.bob), by=people.alice, at=later())


def test_a_correction_starts_with_the_same_letter(people: People) -> None:
    draft = write(people.alice, to=[bob], cc=(carol,), bcc=(dora,), subject="Figures", lifetime=timedelta(days=7))
    part = picturing.add_picture(draft, content=png, by=people.alice, at=sent_at)
    html = f'{text}<img data-picture="{part.reference}">'
    message = press_send(save(draft, people.alice, html=html), people.alice)
    copy = correcting.start_correction(message, by=people.alice, at=later())
    content = drafting.open_draft(copy, by=people.alice)
    assert (content.subject, content.html) == ("Figures", html)
    assert (copy.to, copy.cc, copy.bcc) == ([bob], [carol], [dora])
    assert (copy.kind, copy.corrects_id, copy.lifetime) == (DraftKind.NEW, message.id, timedelta(days=7))
    recalling.recall_message(message, reason="", destroy_own_copy=True, by=people.alice, at=later(2))
    assert words_for(press_send(copy, people.alice, at=later(3)), people.bob).startswith(text)


def test_a_correction_of_an_answer_is_an_answer(people: People) -> None:
    first = mail(people.alice, to=[bob])
    second = press_send(answer(first, people.bob), people.bob)
    third = press_send(answer(second, people.alice), people.alice)
    copy = correcting.start_correction(third, by=people.alice, at=later())
    assert (copy.kind, copy.parent_id) == (DraftKind.REPLY, second.id)
    assert not Share.objects.filter(object_id=copy.id).exclude(holder_id=people.alice.id).exists()


def test_a_sender_whose_key_was_lost_gives_the_message_to_nobody(people: People) -> None:
    message = mail(people.alice, to=[bob])
    Share.objects.filter(holder_id=people.alice.id).delete()
    with pytest.raises(correcting.CannotBeCorrected):
        correct(message, people.bob, carol, people.alice)
    assert place(message, people.bob).removed_at is None


def test_the_job_takes_no_key_of_somebody_who_was_not_removed(people: People) -> None:
    message = mail(people.alice, to=[bob])
    correcting.destroy_removed(place(message, people.bob).id, entry_id=None, at=later())
    assert people.bob.id in holders(message)
