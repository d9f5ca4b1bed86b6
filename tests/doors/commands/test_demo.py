"""The demo's month: what a visitor finds when it has been lived through."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from letterlock.domain.accounts.models import Account, State
from letterlock.domain.mailbox.models import Draft, Folder, Message, Recall
from letterlock.domain.platforms.models import Platform
from letterlock.doors.commands.demo import acme, cast, globex
from letterlock.doors.commands.demo.seeding import Month
from letterlock.doors.commands.demo.shapes import Story
from letterlock.foundation.outbox.models import Job


def test_a_month_at_acme_has_everything_a_visitor_should_meet(stores: None) -> None:
    today = timezone.now()

    Month(acme.story, today=today, password=cast.password).live()

    nora = Account.objects.get(address="nora@acme.example")
    inbox = nora.participations.filter(folder=Folder.INBOX)
    assert inbox.count() >= 14
    assert inbox.filter(is_unread=True).count() == 2
    assert nora.participations.filter(folder=Folder.ARCHIVE).exists()
    assert Recall.objects.get().message.participations.get(account=nora).folder == Folder.SENT
    assert Message.objects.exclude(expired_at=None).count() == 1
    assert Draft.objects.count() == 1
    assert list(Account.objects.filter(state=State.PENDING).values_list("name", "address")) == [
        ("", "sam@harbourline.example")
    ]
    assert not Message.objects.filter(sent_at__gt=today).exists()
    assert Message.objects.filter(sent_at__lt=today - timedelta(days=28)).exists()
    assert not Job.objects.exclude(dead_at=None).exists()
    assert not Job.objects.exclude(topic="outbox.chore").exists()


@pytest.mark.parametrize("story", [acme.story, globex.story])
def test_every_story_names_only_its_own_people_and_letters(story: Story) -> None:
    members = {member.key for member in story.members}
    letters = [letter.key for letter in story.letters]
    assert len(letters) == len(set(letters))
    for letter in story.letters:
        assert {
            letter.by,
            *letter.to.split(),
            *letter.cc.split(),
            *letter.bcc.split(),
            *letter.unread.split(),
        } <= members
        assert not letter.of or letters.index(letter.of) < letters.index(letter.key)


def test_one_address_is_on_both_platforms_with_different_passwords() -> None:
    mira, other = ({m.address: m for m in story.members}["mira@kessler.example"] for story in cast.platforms)
    assert (mira.password or cast.password) != (other.password or cast.password)


def test_letters_are_invented_for_the_demo_alone(stores: None) -> None:
    with pytest.raises(CommandError, match="for the demo only"):
        call_command("seed_demo")
    assert not Platform.objects.exists()
