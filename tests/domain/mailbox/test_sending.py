"""Sending: once, sealed for everybody it goes to, and all of it or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection

from letterlock.domain.accounts import inviting
from letterlock.domain.accounts.models import Account, Invitation, Status
from letterlock.domain.mailbox import (
    changing,
    drafting,
    picturing,
    preparing,
    sending,
    shredding,
    subjects,
    tidying,
)
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Draft, Folder, Message, Part, Participation, Role
from letterlock.domain.policies import limits
from letterlock.foundation.audit import reading as ledger
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.kernel.refusals import NotFound, Refusal
from letterlock.foundation.outbox import working
from letterlock.foundation.outbox.models import Job
from letterlock.foundation.vault import wrapping
from letterlock.foundation.vault.keystore.models import Reason, Share, Tombstone
from letterlock.foundation.vault.models import Wrap
from tests.cast import People, register
from tests.domain.mailbox.desks import (
    draft_holders,
    everything_stored,
    mail,
    place,
    png,
    press_send,
    save,
    stranger,
    text,
    words_for,
    write,
)
from tests.domain.mailbox.letters import client, later, sent_at
from tests.domain.mailbox.racing import together

alice = "alice@acme.example"
bob = "bob@client.example"
carol = "carol@acme.example"
dora = "dora@acme.example"


def holders(message: Message) -> set[UUID]:
    return {holder.id for holder in wrapping.holders_of(shredding.thing_of(message.id))}


def roles(message: Message) -> dict[str, str]:
    return dict(message.participations.values_list("account__address", "role"))


def jobs(topic: str = MailboxEvent.MESSAGE_SENT) -> int:
    return Job.objects.filter(topic=topic).count()


def test_a_letter_reaches_everybody_it_is_addressed_to(people: People) -> None:
    message = mail(people.alice, to=[bob], cc=(carol,), bcc=(dora,), subject="Figures")
    assert roles(message) == {alice: Role.FROM, bob: Role.TO, carol: Role.CC, dora: Role.BCC}
    assert holders(message) == {people.alice.id, people.bob.id, people.carol.id, people.dora.id}
    for account in (people.alice, people.bob, people.carol, people.dora):
        assert words_for(message, account) == text
    assert subjects.subject_of(Message.objects.get(id=message.id)) == "Figures"


def test_it_is_in_sent_for_the_sender_and_unread_in_the_inbox_of_the_others(people: People) -> None:
    message = mail(people.alice, to=[bob])
    own, theirs = place(message, people.alice), place(message, people.bob)
    assert (own.folder, own.is_unread) == (Folder.SENT, False)
    assert (theirs.folder, theirs.is_unread, theirs.sorted_at) == (Folder.INBOX, True, sent_at)


def test_the_counters_keep_open_people_and_all_people_apart(people: People) -> None:
    message = mail(people.alice, to=[bob], cc=(carol,), bcc=(dora,))
    assert (message.open_people, message.all_people) == (2, 3)


def test_only_a_bcc_is_fine(people: People) -> None:
    message = mail(people.alice, bcc=(bob,))
    assert (message.open_people, message.all_people) == (0, 1)
    assert words_for(message, people.bob) == text


def test_duplicates_are_merged_into_the_most_open_line(people: People) -> None:
    message = mail(people.alice, to=[bob, "BOB@CLIENT.example"], cc=(bob, carol), bcc=(carol, dora))
    assert roles(message) == {alice: Role.FROM, bob: Role.TO, carol: Role.CC, dora: Role.BCC}


def test_a_sender_among_the_recipients_has_one_place(people: People) -> None:
    message = mail(people.alice, to=[alice, bob])
    own = place(message, people.alice)
    assert (own.role, own.also, own.folder) == (Role.FROM, Role.TO, Folder.SENT)
    assert (message.open_people, message.all_people) == (1, 1)


def test_a_letter_to_oneself_is_sent(people: People) -> None:
    message = mail(people.alice, to=[alice])
    assert words_for(message, people.alice) == text
    assert message.all_people == 0


def test_the_draft_goes_with_its_key(people: People) -> None:
    draft = write(people.alice, to=[bob])
    press_send(draft, people.alice)
    assert not Draft.objects.exists()
    assert not Part.objects.filter(owner_id=draft.id).exists()
    assert not Wrap.objects.filter(object_id=draft.id).exists()
    assert draft_holders(draft.id) == set()


def test_a_draft_key_that_stays_for_now_is_taken_by_the_outbox(people: People, unwritable_journal) -> None:
    draft = write(people.alice, to=[bob])
    message = press_send(draft, people.alice)
    assert draft_holders(draft.id) == {people.alice.id}
    unwritable_journal()
    Job.objects.exclude(topic=MailboxEvent.DRAFT_CLOSED).delete()
    working.run_due_jobs(at=later())
    assert draft_holders(draft.id) == set()
    assert words_for(message, people.bob) == text


def test_the_message_has_a_key_and_a_ciphertext_of_its_own(people: People) -> None:
    draft = write(people.alice, to=[bob])
    before = bytes(Part.objects.get(owner_id=draft.id).sealed)
    message = press_send(draft, people.alice)
    assert bytes(Part.objects.get(owner_id=message.id).sealed) != before


def test_pictures_go_with_the_text_that_names_them(people: People) -> None:
    draft = write(people.alice, to=[bob])
    shown = picturing.add_picture(draft, content=png, by=people.alice, at=sent_at)
    picturing.add_picture(draft, content=png + b"deleted again", by=people.alice, at=sent_at)
    draft = save(draft, people.alice, html=f'<p>See</p><img data-picture="{shown.reference}">')
    message = press_send(draft, people.alice)
    assert Part.objects.filter(owner_id=message.id).count() == 2
    assert "data:image/png;base64," in words_for(message, people.bob)


def test_more_than_twenty_five_pictures_are_refused(people: People) -> None:
    draft = write(people.alice, to=[bob])
    names = "".join(f'<img data-picture="{uuid4()}">' for _ in range(limits.pictures_per_message + 1))
    draft = save(draft, people.alice, html=names)
    with pytest.raises(preparing.TooManyPicturesSent):
        press_send(draft, people.alice)


def test_the_options_and_the_expiry_are_those_of_the_draft(people: People) -> None:
    message = mail(people.alice, to=[bob], lifetime=timedelta(days=7), share_tracking=False, reply_freeze=True)
    assert message.expires_at == sent_at + timedelta(days=7)
    assert (message.tracking, message.share_tracking, message.reply_freeze) == (True, False, True)


def test_nothing_of_a_letter_is_in_the_database_in_the_clear(people: People) -> None:
    marker = "Xylophone-Marmalade"
    message = mail(people.alice, to=[bob], subject=f"S {marker}", html=f"<p>{marker}</p>")
    assert marker in words_for(message, people.bob)
    assert not any(marker.encode() in cell for cell in everything_stored())


def test_the_digest_cannot_be_tried_out(people: People) -> None:
    message = mail(people.alice, to=[bob], html="<p>yes</p>")
    digest = bytes(Message.objects.get(id=message.id).body_digest)
    assert digest != sha256(b"<p>yes</p>").digest()
    sealed = bytes(Part.objects.get(owner_id=message.id).sealed)
    assert digest == sha256(sha256(sealed).digest()).digest()


def test_the_size_of_a_short_letter_says_nothing(people: People) -> None:
    yes, no = mail(people.alice, to=[bob], html="<p>yes</p>"), mail(people.alice, to=[bob], html="<p>no</p>")
    assert yes.size_bytes == no.size_bytes
    sizes = Part.objects.filter(owner_id__in=[yes.id, no.id]).values_list("size_bytes", flat=True)
    assert set(sizes) == {yes.size_bytes}


def test_one_fact_and_one_job_are_left(people: People) -> None:
    message = mail(people.alice, to=[bob])
    facts = ledger.facts_about(message.platform_id, message.id)
    assert [fact.event for fact in facts] == [MailboxEvent.MESSAGE_SENT]
    assert (facts[0].at, facts[0].actor, facts[0].client) == (sent_at, str(people.alice.id), client)
    assert facts[0].object_id == place(message, people.alice).id
    job = Job.objects.filter(topic=MailboxEvent.MESSAGE_SENT).first()
    assert job is not None
    assert job.ids == {"message_id": str(message.id)}


def test_the_pages_of_sender_and_recipients_hear_of_it(people: People) -> None:
    mail(people.alice, to=[bob])
    theirs = changing.changes_since(people.bob, 0)
    own = changing.changes_since(people.alice, 0)
    assert theirs is not None
    assert own is not None
    assert set(theirs.fragments) == {"folders", "list:inbox"}
    assert {"folders", "list:drafts", "list:sent"} <= set(own.fragments)


def test_a_code_is_drawn_until_nobody_has_it(people: People) -> None:
    taken = mail(people.alice, to=[bob]).code
    drawn = iter([taken, taken, "7KQ2M4XD"])
    assert sending.free_code(people.alice.platform_id, draw=lambda: next(drawn)) == "7KQ2M4XD"


# New people


def test_new_people_are_asked_about_first(people: People) -> None:
    draft = write(people.alice, to=[bob, stranger, "Otto@New.example"], bcc=("otto@new.example",))
    with pytest.raises(sending.NewUsersDetected) as detected:
        press_send(draft, people.alice, invite=False)
    assert detected.value.addresses == (stranger, "otto@new.example")
    assert stranger in detected.value.explain()
    assert Draft.objects.filter(id=draft.id).exists()
    assert not Message.objects.exists()
    assert not Account.objects.filter(address=stranger).exists()
    assert not Invitation.objects.exists()
    assert jobs() == 0


def test_known_people_need_no_question(people: People) -> None:
    assert press_send(write(people.alice, to=[bob]), people.alice, invite=False).all_people == 1


def test_an_invited_persons_copy_is_sealed_at_once(people: People) -> None:
    message = mail(people.alice, to=[stranger])
    nina = Account.objects.get(address=stranger)
    assert nina.is_pending
    assert nina.id in holders(message)
    assert Invitation.objects.get(account=nina).invited_by_id == people.alice.id


def test_somebody_invited_before_is_asked_about_and_costs_nothing(people: People) -> None:
    mail(people.alice, to=[stranger])
    left = inviting.invitations_left(people.alice, at=sent_at)
    with pytest.raises(sending.NewUsersDetected):
        press_send(write(people.alice, to=[stranger]), people.alice, invite=False)
    mail(people.alice, to=[stranger])
    assert inviting.invitations_left(people.alice, at=sent_at) == left
    assert Invitation.objects.count() == 1


def test_over_the_limit_of_invitations_nothing_is_sent(people: People) -> None:
    many = [f"p{number}@many.example" for number in range(limits.invitations_per_day + 1)]
    draft = write(people.alice, to=many)
    with pytest.raises(inviting.InvitationLimit):
        press_send(draft, people.alice)
    assert not Message.objects.exists()
    assert Draft.objects.filter(id=draft.id).exists()
    assert not Invitation.objects.exists()
    assert not Account.objects.filter(address__endswith="@many.example").exists()
    assert not Share.objects.exclude(object_id=draft.id).filter(is_blank=False).exists()


def test_a_letter_to_more_people_than_can_be_invited_says_how_many_can(people: People) -> None:
    mail(people.alice, to=[f"p{number}@many.example" for number in range(limits.invitations_per_day - 2)])
    with pytest.raises(inviting.InvitationLimit) as refused:
        mail(people.alice, to=["p1@many.example", *(f"q{number}@many.example" for number in range(3))])
    assert "and 2 of these are left" in refused.value.explain()
    mail(people.alice, to=["p1@many.example", *(f"q{number}@many.example" for number in range(2))])
    assert inviting.invitations_left(people.alice, at=sent_at) == 0


# Refusals


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        ([], sending.NoRecipients),
        (["nobody"], sending.InvalidRecipients),
        ([bob, "a@b@c.example"], sending.InvalidRecipients),
        ([stranger, "nobody"], sending.InvalidRecipients),
        ([f"p{number}@many.example" for number in range(501)], tidying.TooManyRecipients),
    ],
)
def test_what_cannot_be_sent_is_refused_before_anything_happens(
    people: People, to: list[str], refusal: type[Refusal]
) -> None:
    draft = write(people.alice, to=to)
    accounts, shares = Account.objects.count(), Share.objects.count()
    with pytest.raises(refusal) as refused:
        press_send(draft, people.alice)
    assert "Nothing was sent" in refused.value.explain()
    assert (Account.objects.count(), Share.objects.count()) == (accounts, shares)
    assert Draft.objects.filter(id=draft.id).exists()


def test_each_invalid_address_is_named(people: People) -> None:
    with pytest.raises(sending.InvalidRecipients) as refused:
        mail(people.alice, to=["one", bob, "two@"])
    assert "“one”" in refused.value.explain()
    assert "“two@”" in refused.value.explain()
    assert bob not in refused.value.explain()


@pytest.mark.parametrize("name", ["bob", "carol", "dora", "mallory", "alice_at_globex"])
def test_nobody_else_sends_a_draft(people: People, name: str) -> None:
    draft = write(people.alice, to=[bob])
    with pytest.raises(NotFound):
        press_send(draft, people.by_name(name))
    assert not Message.objects.exists()


def test_a_tab_cannot_send_what_it_does_not_show(people: People) -> None:
    shown = write(people.alice, to=[bob])
    save(shown, people.alice, html="<p>From another tab</p>")
    with pytest.raises(drafting.StaleDraft):
        press_send(shown, people.alice, version=shown.version)
    assert not Message.objects.exists()


def test_somebody_who_became_a_guest_starts_no_letter(people: People) -> None:
    draft = write(people.carol, to=[bob])
    Account.objects.filter(id=people.carol.id).update(status=Status.GUEST)
    with pytest.raises(drafting.GuestsOnlyReply):
        press_send(draft, Account.objects.get(id=people.carol.id))
    assert not Message.objects.exists()


# Once, and all or nothing


def test_pressing_twice_sends_once(people: People) -> None:
    draft, key = write(people.alice, to=[bob]), uuid4()
    first = press_send(draft, people.alice, idempotency_key=key)
    assert press_send(draft, people.alice, idempotency_key=key).id == first.id
    assert sending.sent_with(key, by=people.alice) == first
    assert (Message.objects.count(), jobs()) == (1, jobs())


def test_a_key_means_nothing_for_another_sender(people: People) -> None:
    key = uuid4()
    press_send(write(people.alice, to=[bob]), people.alice, idempotency_key=key)
    press_send(write(people.carol, to=[bob]), people.carol, idempotency_key=key)
    assert Message.objects.count() == 2
    assert sending.sent_with(key, by=people.dora) is None


def test_pressing_from_four_threads_sends_once(people: People) -> None:
    draft, key = write(people.alice, to=[bob, stranger]), uuid4()
    answers = together(*[lambda: press_send(draft, people.alice, idempotency_key=key)] * 4)
    message = Message.objects.get()
    assert [getattr(one, "id", one) for one in answers] == [message.id] * 4
    assert set(Share.objects.filter(is_blank=False).values_list("object_id", flat=True)) == {message.id}
    assert Entry.objects.filter(event=MailboxEvent.MESSAGE_SENT).count() == 1


def test_two_tabs_with_keys_of_their_own_send_one_draft_once(people: People) -> None:
    draft = write(people.alice, to=[bob])
    answers = together(lambda: press_send(draft, people.alice), lambda: press_send(draft, people.alice))
    assert Message.objects.count() == 1
    assert sum(isinstance(one, Message) for one in answers) == 1
    assert sum(isinstance(one, NotFound) for one in answers) == 1


def test_a_save_and_a_sending_at_once_lose_nothing(people: People) -> None:
    draft = write(people.alice, to=[bob])
    sent, saved = together(
        lambda: press_send(draft, people.alice), lambda: save(draft, people.alice, html="<p>One more word</p>")
    )
    if isinstance(sent, Message):
        # Either the save came first, and its words went; or the draft was gone, and the tab was told.
        assert isinstance(saved, NotFound) or "One more word" in words_for(sent, people.bob)
    else:
        assert isinstance(sent, drafting.StaleDraft)
        assert isinstance(saved, Draft)


def test_when_the_transaction_fails_only_shares_nobody_names_are_left(people: People) -> None:
    draft = write(people.alice, to=[bob, stranger])
    wraps, shares = set(Wrap.objects.values_list("share_id", flat=True)), Share.objects.count()
    with _without_table("outbox_job"), pytest.raises(DatabaseError):
        press_send(draft, people.alice)
    assert not Message.objects.exists()
    assert not Participation.objects.exists()
    assert not Invitation.objects.exists()
    assert not Entry.objects.filter(event=MailboxEvent.MESSAGE_SENT).exists()
    assert set(Wrap.objects.values_list("share_id", flat=True)) == wraps
    assert Share.objects.count() - shares == 3
    assert press_send(draft, people.alice).all_people == 2


@contextmanager
def _without_table(name: str) -> Iterator[None]:
    """The very last write of a transaction fails, as on a full disk."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {name} RENAME TO {name}_away")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE {name}_away RENAME TO {name}")


def test_a_refusal_in_the_transaction_destroys_the_shares_it_leaves(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As when another letter takes the last invitations after this one has looked.
    monkeypatch.setattr(inviting, "demand_room", lambda *_addresses, **_given: None)
    many = [f"p{number}@many.example" for number in range(limits.invitations_per_day + 1)]
    draft = write(people.alice, to=many)
    with pytest.raises(inviting.InvitationLimit):
        press_send(draft, people.alice)
    assert Tombstone.objects.filter(reason=Reason.NAMELESS).count() == limits.invitations_per_day + 2


def test_the_database_keeps_that_a_key_sends_once(people: People) -> None:
    message = mail(people.alice, to=[bob])
    twin = Message.objects.get(id=message.id)
    twin.id, twin.code = uuid4(), "AAAAAAAA"
    with pytest.raises(IntegrityError):
        twin.save(force_insert=True)


def test_five_hundred_people_commit_in_a_fixed_number_of_queries(people: People, django_assert_max_num_queries) -> None:
    many = [f"p{number:03}@many.example" for number in range(limits.recipients_per_message)]
    for address in many:
        register(people.alice.platform, address, name=address[:4])
    draft = write(people.alice, to=many)
    with django_assert_max_num_queries(60):
        message = press_send(draft, people.alice)
    assert message.open_people == limits.recipients_per_message
    assert Participation.objects.filter(message=message).count() == limits.recipients_per_message + 1
    assert len(holders(message)) == limits.recipients_per_message + 1
