"""Folders are one's own; deleting for good destroys one's own key, and the ciphertext with the last one."""

import pytest

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import heading, jobs, listing, moving, reading, recalling, shredding
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Folder, Message, Part
from letterlock.foundation.audit import reading as ledger
from letterlock.foundation.kernel.refusals import NotFound
from letterlock.foundation.outbox.models import Job
from letterlock.foundation.vault import wrapping
from letterlock.foundation.vault.keystore.models import Reason, Tombstone
from tests.cast import People
from tests.domain.mailbox.letters import client, fresh, later, place, send, words
from tests.domain.mailbox.racing import together


def move(message: Message, to: Folder, by: Account, minutes: float = 1) -> None:
    moving.move(message, to=to, by=by, at=later(minutes))


def purge(message: Message, by: Account, minutes: float = 2) -> None:
    move(message, Folder.TRASH, by)
    moving.purge(message, by=by, at=later(minutes), client=client)


def holders(message: Message):
    return {holder.id for holder in wrapping.holders_of(shredding.thing_of(message.id))}


def folder_of(message: Message, account: Account) -> str:
    return place(message, account).folder


@pytest.mark.parametrize("to", [Folder.ARCHIVE, Folder.TRASH])
def test_a_message_is_found_where_it_was_moved(people: People, to: Folder) -> None:
    message = send(people.alice, to=[people.bob])
    move(message, to, people.bob)
    found = {folder: listing.folder_page(people.bob, folder, at=later()).rows for folder in Folder}
    assert {folder: len(rows) for folder, rows in found.items() if rows} == {to: 1}


def test_moving_is_ones_own(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    move(message, Folder.TRASH, people.bob)
    move(message, Folder.ARCHIVE, people.alice)
    assert (folder_of(message, people.alice), folder_of(message, people.carol)) == (Folder.ARCHIVE, Folder.INBOX)


@pytest.mark.parametrize("name", ["carol", "mallory", "alice_at_globex"])
def test_who_has_no_part_moves_nothing(people: People, name: str) -> None:
    message, account = send(people.alice, to=[people.bob]), people.by_name(name)
    with pytest.raises(NotFound):
        move(message, Folder.TRASH, account)
    with pytest.raises(NotFound):
        moving.restore(message, by=account, at=later())
    with pytest.raises(NotFound):
        moving.mark_unread(message, by=account)
    with pytest.raises(NotFound):
        moving.purge(message, by=account, at=later())


def test_restoring_puts_a_message_back_where_it_was(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    move(message, Folder.ARCHIVE, people.bob)
    move(message, Folder.TRASH, people.bob)
    assert place(message, people.bob).trashed_at == later(1)
    moving.restore(message, by=people.bob, at=later(2))
    assert (folder_of(message, people.bob), place(message, people.bob).trashed_at) == (Folder.ARCHIVE, None)
    with pytest.raises(moving.AlreadyThere):
        moving.restore(message, by=people.bob, at=later(3))


def test_what_one_sent_goes_back_to_sent_and_never_to_the_inbox(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    move(message, Folder.ARCHIVE, people.alice)
    with pytest.raises(moving.WrongFolder):
        move(message, Folder.INBOX, people.alice)
    with pytest.raises(moving.WrongFolder):
        move(message, Folder.SENT, people.bob)
    move(message, Folder.SENT, people.alice)
    assert folder_of(message, people.alice) == Folder.SENT


def test_moving_to_where_it_is_is_refused(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    with pytest.raises(moving.AlreadyThere):
        move(message, Folder.INBOX, people.bob)


def test_the_head_names_the_folders_a_message_can_go_to(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    assert heading.head_of(message, viewer=people.bob, at=later()).moves == (Folder.ARCHIVE, Folder.TRASH)
    move(message, Folder.TRASH, people.alice)
    own = heading.head_of(message, viewer=people.alice, at=later())
    assert (own.moves, own.may_purge) == ((Folder.SENT, Folder.ARCHIVE), True)


def test_a_message_marked_as_unread_counts_again_and_stays_retrieved(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    reading.retrieve(message, by=people.bob, at=later(), client=client)
    assert listing.counts_of(people.bob).inbox == 0
    moving.mark_unread(message, by=people.bob)
    assert listing.counts_of(people.bob).inbox == 1
    assert place(message, people.bob).retrieved_at == later()


def test_a_message_one_sent_is_not_marked_as_unread(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    with pytest.raises(moving.OwnMessage):
        moving.mark_unread(message, by=people.alice)


def test_only_from_trash_a_message_is_deleted_for_good(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    with pytest.raises(moving.NotInTrash):
        moving.purge(message, by=people.bob, at=later())
    assert place(message, people.bob).purged_at is None
    assert people.bob.id in holders(message)


def test_deleting_for_good_destroys_the_own_share_and_nobody_elses(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    purge(message, people.bob)
    assert holders(message) == {people.alice.id, people.carol.id}
    with pytest.raises(NotFound):
        reading.retrieve(message, by=people.bob, at=later(), client=client)
    assert reading.retrieve(message, by=people.carol, at=later(), client=client).html == words
    stone = Tombstone.objects.get(object_id=message.id)
    (fact,) = ledger.facts_about(message.platform_id, message.id, events=[MailboxEvent.MESSAGE_DELETED])
    assert (stone.holder_id, stone.reason, stone.entry_id) == (people.bob.id, Reason.DELETED, fact.entry_id)
    assert (fact.object_id, fact.client) == (place(message, people.bob).id, client)


def test_deleting_twice_at_once_is_one_fact(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    move(message, Folder.TRASH, people.bob)
    outcomes = together(*[lambda: moving.purge(message, by=people.bob, at=later(2), client=client)] * 3)
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, NotFound) for outcome in outcomes) == 2
    assert len(ledger.facts_about(message.platform_id, message.id, events=[MailboxEvent.MESSAGE_DELETED])) == 1


def test_the_ciphertext_goes_with_the_last_holder(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    purge(message, people.alice)
    assert Part.objects.filter(owner_id=message.id).exists()
    purge(message, people.bob)
    assert holders(message) == set()
    assert not Part.objects.filter(owner_id=message.id).exists()


def test_deleting_a_recalled_message_needs_no_share(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later(), client=client)
    purge(message, people.bob)
    assert holders(message) == {people.alice.id}
    assert Part.objects.filter(owner_id=message.id).exists()


def test_the_job_of_a_deletion_run_again_changes_nothing(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    purge(message, people.bob)
    (job,) = Job.objects.filter(topic=MailboxEvent.MESSAGE_DELETED)
    for minutes in (5, 6):
        jobs.destroy_deleted_key(**job.ids, at=later(minutes))
    assert holders(message) == {people.alice.id}
    assert Tombstone.objects.get(object_id=message.id).destroyed_at == later(2)


def test_a_purged_message_is_gone_from_every_folder_and_count(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    purge(message, people.bob)
    assert not any(listing.folder_page(people.bob, folder, at=later()).rows for folder in Folder)
    assert listing.counts_of(people.bob).inbox == 0
    assert fresh(message).sender_id == people.alice.id


def test_every_refusal_says_what_happened() -> None:
    for refusal in (moving.AlreadyThere, moving.WrongFolder, moving.OwnMessage, moving.NotInTrash):
        assert len(refusal().explain()) > 30
