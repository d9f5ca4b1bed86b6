"""The Delivery Slip: what each viewer is told, and what nobody is."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from letterlock.domain.accounts.models import Account, Invitation, State
from letterlock.domain.mailbox import (
    changing,
    correcting,
    delivering,
    heading,
    listing,
    moving,
    reading,
    recalling,
    seeing,
    tracking,
)
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import ChangeFeed, Folder, Message, Participation
from letterlock.domain.mailbox.seeing import Meter
from letterlock.domain.mailbox.stamping import Stamp
from letterlock.domain.mailbox.tracking import TrackingState
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import spell_message_code
from letterlock.foundation.kernel.refusals import NotFound
from tests.cast import People, register
from tests.domain.mailbox.desks import answer, mail, press_send
from tests.domain.mailbox.letters import client, fresh, later, place, send, sent_at
from tests.working import counted


def open_it(message: Message, account: Account, minutes: float = 5) -> None:
    reading.retrieve(message, by=account, at=later(minutes), client=client)


def look_at(message: Message, account: Account, minutes: float = 3) -> None:
    reading.review(message, by=account, at=later(minutes), client=client)


def slip(message: Message, viewer: Account, minutes: float = 60) -> tracking.Slip:
    return tracking.slip_of(fresh(message), viewer=viewer, at=later(minutes))


def history(message: Message, viewer: Account) -> list[tuple[str, str | None]]:
    lines = tracking.history_of(fresh(message), viewer=viewer)
    return [(str(line.words), line.person.name if line.person else None) for line in lines]


def names(people) -> list[str]:
    return [person.name for person in people]


def stamps(message: Message, viewer: Account) -> dict[str, Stamp]:
    return {one.person.name: one.stamp for one in slip(message, viewer).participants}


@pytest.mark.parametrize(
    ("name", "sees_it"),
    [("alice", True), ("bob", True), ("carol", False), ("dora", False), ("mallory", False), ("alice_at_globex", False)],
)
def test_who_sees_a_slip_and_its_history(people: People, name: str, sees_it: bool) -> None:
    message = send(people.alice, to=[people.bob])
    look_at(message, people.bob)
    viewer = people.by_name(name)
    if sees_it:
        assert slip(message, viewer).code == spell_message_code(message.code)
        assert tracking.history_of(message, viewer=viewer)
    else:
        for ask in (slip, history, lambda one, account: heading.head_of(one, viewer=account, at=later())):
            with pytest.raises(NotFound):
                ask(message, viewer)


def test_a_slip_names_platform_account_people_times_and_options(people: People) -> None:
    message = send(
        people.alice, to=[people.bob], cc=[people.carol], expires_at=sent_at + timedelta(days=7), reply_freeze=True
    )
    look_at(message, people.bob)
    seen = slip(message, people.bob)
    assert (seen.platform_name, seen.own_address) == ("Acme Legal", "bob@client.example")
    assert (seen.sender.name, seen.sender.address) == ("Alice Ashdown", "alice@acme.example")
    assert (names(seen.to), names(seen.cc), names(seen.bcc)) == (["Bob Brennan"], ["Carol Castell"], [])
    assert (seen.to[0].is_viewer, seen.cc[0].is_viewer) == (True, False)
    assert (seen.sent_at, seen.expires_at) == (sent_at, sent_at + timedelta(days=7))
    assert [(option.code, str(option.words)) for option in seen.options] == [
        ("tracking", "enabled, shared with recipients"),
        ("reply_freeze", "answers go to the sender only"),
        ("expiry", "expires"),
    ]


def test_the_slip_is_refused_before_it_was_opened_and_nothing_is_recorded(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    for ask in (slip, history):
        with pytest.raises(tracking.NotOpenedYet):
            ask(message, people.bob)
    assert history(message, people.alice) == []
    open_it(message, people.bob)
    assert slip(message, people.bob).meter == Meter(retrieved=1, people=1)


def test_the_stamp_is_the_furthest_state_and_each_state_has_its_first_time(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    bob = place(message, people.bob)
    assert stamps(message, people.alice) == {"Bob Brennan": Stamp.WAITING}
    with transactions.writing():
        delivering.note_notified(bob, at=later(1))
    assert stamps(message, people.alice) == {"Bob Brennan": Stamp.NOTIFIED}
    look_at(message, people.bob, 3)
    assert stamps(message, people.alice) == {"Bob Brennan": Stamp.REVIEWED}
    open_it(message, people.bob, 5)
    open_it(message, people.bob, 7)
    (line,) = slip(message, people.alice).participants
    assert (line.stamp, line.at, line.retrievals) == (Stamp.RETRIEVED, later(5), 2)
    assert [(first.stamp, first.at) for first in line.firsts] == [
        (Stamp.NOTIFIED, later(1)),
        (Stamp.REVIEWED, later(3)),
        (Stamp.RETRIEVED, later(5)),
    ]
    Participation.objects.filter(id=bob.id).update(replied_at=later(9))
    assert stamps(message, people.alice) == {"Bob Brennan": Stamp.REPLIED}


def test_deleted_is_shown_after_a_purge_only_and_never_hides_retrieved(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    open_it(message, people.bob)
    for account in (people.bob, people.carol):
        moving.move(message, to=Folder.TRASH, by=account, at=later(8))
    assert stamps(message, people.alice) == {"Bob Brennan": Stamp.RETRIEVED, "Carol Castell": Stamp.WAITING}
    for account in (people.bob, people.carol):
        moving.purge(message, by=account, at=later(9))
    assert stamps(message, people.alice) == {"Bob Brennan": Stamp.RETRIEVED, "Carol Castell": Stamp.DELETED}
    assert Stamp.DELETED in [first.stamp for first in slip(message, people.alice).participants[0].firsts]


def test_the_history_lists_every_occurrence_with_client_and_time(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    reading.review(message, by=people.bob, at=later(1), client="Safari on iPhone")
    reading.retrieve(message, by=people.bob, at=later(2), client="Safari on iPhone")
    reading.retrieve(message, by=people.bob, at=later(3), client="Chromium on Linux")
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later(4), client=client)
    lines = tracking.history_of(fresh(message), viewer=people.alice)
    assert [(line.event, line.at, line.client, line.person.name if line.person else "") for line in lines] == [
        (MailboxEvent.MESSAGE_REVIEWED, later(1), "Safari on iPhone", "Bob Brennan"),
        (MailboxEvent.MESSAGE_RETRIEVED, later(2), "Safari on iPhone", "Bob Brennan"),
        (MailboxEvent.MESSAGE_RETRIEVED, later(3), "Chromium on Linux", "Bob Brennan"),
        (MailboxEvent.MESSAGE_RECALLED, later(4), client, ""),
        (MailboxEvent.KEYS_DESTROYED, later(4), "", ""),
    ]


def test_with_tracking_off_nobody_sees_it_though_the_ledger_goes_on(people: People) -> None:
    message = send(people.alice, to=[people.bob], tracking=False)
    before_opening = heading.head_of(message, viewer=people.bob, at=later())
    assert "disabled" in str(before_opening.tracking_words)
    assert "audit record" in str(before_opening.tracking_words)
    open_it(message, people.bob)
    for viewer in (people.alice, people.bob):
        seen = slip(message, viewer)
        assert (seen.tracking, seen.participants, seen.meter) == (TrackingState.DISABLED, (), None)
        assert "audit record" in str(seen.tracking_words)
        assert history(message, viewer) == []
    assert listing.row_of(message, account=people.alice, at=later(60)).meter is None
    assert place(message, people.bob).retrieved_at == later(5)


def test_tracking_that_is_not_shared_is_the_senders_alone(people: People) -> None:
    message = send(people.alice, to=[people.bob], share_tracking=False)
    assert "sender sees" in str(heading.head_of(message, viewer=people.bob, at=later()).tracking_words)
    open_it(message, people.bob)
    seen = slip(message, people.bob)
    assert (seen.tracking, seen.participants, seen.meter) == (TrackingState.NOT_SHARED, (), None)
    assert history(message, people.bob) == []
    assert slip(message, people.alice).meter == Meter(retrieved=1, people=1)


def test_the_sender_sees_every_bcc_and_one_who_was_bccd_sees_oneself(people: People) -> None:
    message = send(people.alice, to=[people.bob], bcc=[people.carol, people.dora])
    for account in (people.bob, people.carol, people.dora):
        open_it(message, account)
    assert names(slip(message, people.alice).bcc) == ["Carol Castell", "Dora Dvorak"]
    assert slip(message, people.alice).meter == Meter(retrieved=3, people=3)
    own = slip(message, people.carol)
    assert (names(own.to), names(own.bcc)) == (["Bob Brennan"], ["Carol Castell"])
    assert names(one.person for one in own.participants) == ["Bob Brennan", "Carol Castell"]
    assert own.meter == Meter(retrieved=2, people=2)
    assert history(message, people.carol) == [("Retrieved", "Bob Brennan"), ("Retrieved", "Carol Castell")]
    assert not heading.head_of(message, viewer=people.carol, at=later()).may_reply_all


def everything_seen(message: Message, viewer: Account) -> dict[str, object]:
    """All that the read side hands to this person about the message, without what names the message itself."""
    head = asdict(heading.head_of(fresh(message), viewer=viewer, at=later(60)))
    seen = {
        "head": head,
        "slip": asdict(slip(message, viewer)),
        "history": [asdict(line) for line in tracking.history_of(fresh(message), viewer=viewer)],
        "row": asdict(listing.row_of(fresh(message), account=viewer, at=later(60))),
        "feed": sorted(
            (name.replace(str(message.id), "…"), number)
            for name, number in ChangeFeed.objects.get(account=viewer).fragments.items()
        ),
        "number": changing.number_of(viewer),
    }
    for part in ("head", "slip", "row"):
        for name in ("message_id", "code", "participation_id"):
            seen[part].pop(name, None)
    return seen


@pytest.mark.parametrize("viewer", ["bob", "dora"])
def test_nothing_a_recipient_sees_tells_a_bcc(people: People, viewer: str) -> None:
    """The same story twice, once with a Bcc who opens, reviews, is notified, moves and purges."""
    seen = []
    for bcc in ([], [people.carol]):
        ChangeFeed.objects.all().delete()
        message = send(people.alice, to=[people.bob], cc=[people.dora], bcc=bcc)
        for account in [people.bob, people.dora]:
            open_it(message, account)
        for account in bcc:
            with transactions.writing():
                delivering.note_notified(place(message, account), at=later(1))
            look_at(message, account)
            open_it(message, account)
            open_it(message, account)
            moving.move(message, to=Folder.TRASH, by=account, at=later(6))
            moving.purge(message, by=account, at=later(6))
        recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later(9))
        seen.append(everything_seen(message, people.by_name(viewer)))
    assert seen[0] == seen[1]


def test_the_sender_is_told_of_a_bcc_that_no_recipient_is(people: People) -> None:
    """The comparison above would find a difference: for the sender there is one."""
    message = send(people.alice, to=[people.bob], bcc=[people.carol])
    for account in (people.bob, people.carol):
        open_it(message, account)
    assert ("Retrieved", "Carol Castell") in history(message, people.alice)
    assert ("Retrieved", "Carol Castell") not in history(message, people.bob)
    assert slip(message, people.bob).meter == Meter(retrieved=1, people=1)


def test_no_answer_to_a_recipient_reads_a_bcc(people: People) -> None:
    """A slip that takes the longer, the more were Bcc'd, tells of them too."""
    message = send(people.alice, to=[people.bob], cc=[people.dora], bcc=[people.carol])
    read = {
        viewer.name: {one.account_id for one in seeing._candidates(message, viewer=place(message, viewer))}
        for viewer in (people.alice, people.bob, people.carol)
    }
    open_ones = {people.alice.id, people.bob.id, people.dora.id}
    assert read == {
        "Alice Ashdown": open_ones | {people.carol.id},
        "Bob Brennan": open_ones,
        "Carol Castell": open_ones | {people.carol.id},
    }


def test_what_a_bcc_does_stirs_nobody_but_the_sender(people: People) -> None:
    message = send(people.alice, to=[people.bob], bcc=[people.carol])
    ChangeFeed.objects.all().delete()
    open_it(message, people.carol)
    assert set(ChangeFeed.objects.values_list("account", flat=True)) == {people.alice.id, people.carol.id}


def test_an_opening_is_the_same_work_whoever_was_bccd(people: People) -> None:
    """A letter that takes the longer to open, the more were Bcc'd, tells of them too."""
    crowd = [register(people.alice.platform, f"guest{number}@client.example", name="") for number in range(15)]
    done = []
    open_it(send(people.alice, to=[people.bob]), people.bob)  # the platform's keys are read once
    for bcc in ([], crowd):
        message = send(people.alice, to=[people.bob], cc=[people.dora], bcc=bcc)
        with counted() as work:
            open_it(message, people.bob)
            slip(message, people.bob)
        done.append(work.statements)
    assert done[0] == done[1]


def test_a_sender_who_also_wrote_to_themselves_stands_in_both_lines(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    Participation.objects.filter(message=message, account=people.alice).update(also="to", position=1)
    open_it(message, people.bob)
    assert sorted(names(slip(message, people.bob).to)) == ["Alice Ashdown", "Bob Brennan"]
    Participation.objects.filter(message=message, account=people.alice).update(also="bcc")
    assert names(slip(message, people.alice).bcc) == ["Alice Ashdown"]
    assert names(slip(message, people.bob).bcc) == []


def test_one_who_was_removed_is_the_senders_to_see(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    open_it(message, people.bob)
    Participation.objects.filter(message=message, account=people.carol).update(removed_at=later(7))
    assert stamps(message, people.alice)["Carol Castell"] == Stamp.REMOVED
    assert names(slip(message, people.alice).to) == ["Bob Brennan"]
    assert "Carol Castell" not in stamps(message, people.bob)


def pending(people: People, *, until_minutes: float) -> Account:
    account = register(people.alice.platform, "new@client.example", name="")
    Account.objects.filter(id=account.id).update(state=State.PENDING)
    with transactions.writing():
        Invitation.objects.create(
            platform=account.platform,
            account=account,
            invited_by=people.alice,
            invited_at=sent_at,
            expires_at=later(until_minutes),
        )
    return account


def test_on_a_stamp_the_sender_finds_what_helps(people: People) -> None:
    somebody = pending(people, until_minutes=30)
    message = send(people.alice, to=[people.bob, somebody])
    with transactions.writing():
        delivering.note_invited(place(message, somebody), at=later(1))
        delivering.note_not_delivered(place(message, people.bob), because="550 no such user", at=later(1))
    bob, new = slip(message, people.alice, 20).participants
    assert (bob.stamp, bob.server_said, bob.may_resend, bob.may_correct) == (
        Stamp.NOT_DELIVERED,
        "550 no such user",
        False,
        True,
    )
    assert (new.stamp, new.may_resend, new.may_correct, new.invitation_lapsed) == (Stamp.INVITED, True, True, False)
    assert (new.person.name, new.participation_id) == ("new@client.example", place(message, somebody).id)
    assert slip(message, people.alice, 31).participants[1].invitation_lapsed


def test_nothing_more_helps_once_the_text_was_handed_out(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    open_it(message, people.bob)
    with transactions.writing():
        delivering.note_not_delivered(place(message, people.bob), because="550 no such user", at=later(9))
    (line,) = slip(message, people.alice).participants
    assert (line.stamp, line.may_correct) == (Stamp.RETRIEVED, False)


def test_what_helps_is_for_the_sender_alone_and_until_the_recall(people: People) -> None:
    somebody = pending(people, until_minutes=30)
    message = send(people.alice, to=[people.bob, somebody])
    with transactions.writing():
        delivering.note_not_delivered(place(message, somebody), because="550 no such user", at=later(1))
    open_it(message, people.bob)
    line = slip(message, people.bob).participants[1]
    assert (line.stamp, line.server_said, line.may_resend, line.may_correct, line.participation_id) == (
        Stamp.NOT_DELIVERED,
        "",
        False,
        False,
        None,
    )
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later(9))
    assert not any(one.may_resend or one.may_correct for one in slip(message, people.alice).participants)


def test_facts_of_another_kind_stay_out_of_the_history(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    with transactions.writing():
        recording.record(MailboxEvent.DRAFT_CLOSED, platform_id=message.platform_id, at=later(), subject_id=message.id)
    assert history(message, people.alice) == []


def test_a_slip_of_many_people_takes_as_many_queries_as_of_two(people: People, django_assert_max_num_queries) -> None:
    crowd = [register(people.alice.platform, f"guest{number}@client.example", name="") for number in range(12)]
    message = send(people.alice, to=crowd)
    for account in crowd:
        look_at(message, account)
    with django_assert_max_num_queries(9):
        assert len(slip(message, people.alice).participants) == 12
    with django_assert_max_num_queries(7):
        assert len(tracking.history_of(message, viewer=people.alice)) == 12


def test_a_reply_is_the_furthest_stamp_and_says_nothing_of_where_it_went(people: People) -> None:
    message = mail(people.alice, to=["bob@client.example", "carol@acme.example"])
    for account in (people.bob, people.carol):
        open_it(message, account)
    press_send(answer(message, people.bob), people.bob, at=later(8))
    assert stamps(message, people.carol) == {"Bob Brennan": Stamp.REPLIED, "Carol Castell": Stamp.RETRIEVED}
    assert history(message, people.carol)[-1] == ("Replied", "Bob Brennan")


def test_a_reply_of_one_who_was_bccd_is_for_the_sender_alone(people: People) -> None:
    message = mail(people.alice, to=["bob@client.example"], bcc=("carol@acme.example",))
    for account in (people.bob, people.carol):
        open_it(message, account)
    number = changing.number_of(people.bob)
    press_send(answer(message, people.carol), people.carol, at=later(8))
    assert ("Replied", "Carol Castell") in history(message, people.alice)
    assert [line for line in history(message, people.bob) if line[1]] == [("Retrieved", "Bob Brennan")]
    assert changing.number_of(people.bob) == number


def test_a_corrected_address_shows_the_new_person_to_all_and_the_old_one_to_the_sender(people: People) -> None:
    message = mail(people.alice, to=["bob@client.example", "carol@acme.example"])
    open_it(message, people.bob)
    correcting.correct_address(
        place(message, people.carol), address="dora@acme.example", by=people.alice, at=later(6), client=client
    )
    assert stamps(message, people.bob) == {"Bob Brennan": Stamp.RETRIEVED, "Dora Dvorak": Stamp.WAITING}
    assert stamps(message, people.alice)["Carol Castell"] == Stamp.REMOVED
    assert slip(message, people.bob).meter == slip(message, people.alice).meter == Meter(retrieved=1, people=2)
    assert ("Address corrected", "Carol Castell") in history(message, people.alice)
    assert not any(name == "Carol Castell" for _words, name in history(message, people.bob))
