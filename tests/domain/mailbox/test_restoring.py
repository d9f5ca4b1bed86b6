"""Letters brought back in line with what the destruction journal says. See docs/formats/backup.md.

The restores themselves are told in tests/doors/commands/test_restore.py.
"""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import restoring
from letterlock.domain.mailbox.models import Message, Recall
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.vault import journal
from letterlock.foundation.vault.journal import Destruction
from letterlock.foundation.vault.keystore.models import Reason, Share
from letterlock.foundation.vault.settings import vault_settings
from tests.cast import People
from tests.domain.mailbox.letters import fresh, later, send


def line(message: Message, holder: Account, reason: Reason) -> Destruction:
    """What the journal says of one share."""
    return Destruction(
        share_id=Share.objects.get(object_id=message.id, holder_id=holder.id).id,
        platform_id=message.platform_id,
        object_kind="message",
        object_id=message.id,
        holder_kind="account",
        holder_id=holder.id,
        reason=reason,
        entry_id=None,
        destroyed_at=later(5),
    )


def settle(*lines: Destruction) -> restoring.Settled:
    journal.append(lines, to=vault_settings().journal)
    return restoring.play_to_one_another(at=later(60))


def alive(message: Message) -> set[UUID]:
    return set(Share.objects.alive().filter(object_id=message.id).values_list("holder_id", flat=True))


def test_a_message_of_which_one_share_was_recalled_is_recalled_for_all(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    settled = settle(line(message, people.bob, Reason.RECALLED))
    assert settled == restoring.Settled(destroyed=1, recalled=1, withdrawn=0)
    assert alive(message) == {people.alice.id}
    assert fresh(message).recall.recalled_at == later(5)
    assert fresh(message).keys_destroyed_at == later(60)


def test_doing_it_again_changes_nothing(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    settle(line(message, people.bob, Reason.RECALLED))
    entries = Entry.objects.count()
    assert settle() == restoring.Settled(destroyed=0, recalled=0, withdrawn=0)
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("reason", [Reason.DELETED, Reason.REMOVED])
def test_what_one_person_no_longer_has_is_taken_from_that_person_alone(people: People, reason: Reason) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    settled = settle(line(message, people.bob, reason))
    assert settled == restoring.Settled(destroyed=1, recalled=0, withdrawn=1)
    assert not Message.objects.visible_to(people.bob).exists()
    assert Message.objects.visible_to(people.carol).get() == message
    assert alive(message) == {people.alice.id, people.carol.id}


def test_whoever_was_removed_is_no_longer_counted(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    settle(line(message, people.bob, Reason.REMOVED))
    assert (fresh(message).open_people, fresh(message).all_people) == (1, 1)


@pytest.mark.parametrize("reason", [Reason.EXPIRED, Reason.ERASED, Reason.NAMELESS])
def test_other_reasons_recall_nothing(people: People, reason: Reason) -> None:
    message = send(people.alice, to=[people.bob])
    assert settle(line(message, people.bob, reason)).recalled == 0
    assert not Recall.objects.exists()


def test_a_line_of_another_platform_recalls_nothing(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    foreign = replace(
        line(message, people.bob, Reason.RECALLED), platform_id=people.mallory.platform_id, share_id=uuid4()
    )
    assert settle(foreign).recalled == 0
    assert alive(message) == {people.alice.id, people.bob.id}


def test_messages_newer_than_the_database_are_passed_over(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    unknown = replace(line(message, people.bob, Reason.RECALLED), object_id=uuid4(), share_id=uuid4())
    assert settle(unknown) == restoring.Settled(destroyed=0, recalled=0, withdrawn=0)
