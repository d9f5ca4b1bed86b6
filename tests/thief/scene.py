"""What was written and taken back before the thief comes, in words that can be searched for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from letterlock.domain.accounts import resetting
from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import drafting, expiring, moving, recalling, tidying
from letterlock.domain.mailbox.models import Draft, Folder, Message
from tests.cast import People
from tests.domain.accounts import doing
from tests.domain.accounts.test_setting_up import add
from tests.domain.mailbox.letters import client, later, send

subject = "Severance of the board"
words = "The figure is eleven million."
picture = b"\x89PNG\r\n\x1a\n the plan of the vault"
reason = "It named the wrong figure."
draft_subject = "To the tax office"
draft_words = "We admit nothing."
secrets = (subject, words, picture.decode("latin-1"), reason, draft_subject, draft_words)


@dataclass(frozen=True)
class Letters:
    """One letter for each way a letter can end; all from Alice to Bob, one with a copy to Carol that
    nobody else knows of."""

    standing: Message
    recalled: Message
    destroyed: Message
    expired: Message
    deleted: Message
    draft: Draft

    @property
    def gone(self) -> tuple[Message, ...]:
        """Those that nobody holds any more."""
        return (self.destroyed, self.expired, self.deleted)


@dataclass(frozen=True)
class Stage:
    """The cast, and what they have written."""

    people: People
    letters: Letters


def write_letters(people: People) -> Letters:
    """Everything sent and nothing taken back."""
    return Letters(
        standing=_send(people, bcc=[people.carol]),
        recalled=_send(people),
        destroyed=_send(people),
        expired=_send(people, expires_at=later(10)),
        deleted=_send(people),
        draft=_draft(people.alice),
    )


def take_back(letters: Letters, people: People) -> None:
    """A recall, a recall with "Destroy my copy as well", an expiry, a deletion by everybody."""
    for message, own_copy in ((letters.recalled, False), (letters.destroyed, True)):
        recalling.recall_message(
            message, reason=reason, destroy_own_copy=own_copy, by=people.alice, at=later(5), client=client
        )
    expiring.expire_due(at=later(11))
    for person in (people.bob, people.alice):
        moving.move(letters.deleted, to=Folder.TRASH, by=person, at=later(1))
        moving.purge(letters.deleted, by=person, at=later(2), client=client)


def come_and_go(people: People) -> None:
    """Sessions, throttles, known browsers, invitations, codes under way, a link for setting up."""
    doing.sign_in(people.alice)
    doing.begin(doing.invite(people.alice))
    add(people)
    resetting.begin(
        platform=people.alice.platform,
        address=people.bob.address,
        browser=doing.browser,
        network="192.0.2.7",
        at=doing.now,
    )


def _send(people: People, *, bcc: list[Account] | None = None, **options: Any) -> Message:
    pictures: dict[UUID, bytes] = {uuid4(): picture}
    return send(
        people.alice,
        to=[people.bob],
        bcc=bcc or [],
        subject=subject,
        html=f"<p>{words}</p>",
        pictures=pictures,
        **options,
    )


def _draft(author: Account) -> Draft:
    draft = drafting.start_draft(by=author, at=later())
    changes = tidying.DraftChanges(to=(author.address,), subject=draft_subject, html=f"<p>{draft_words}</p>")
    return drafting.save_draft(
        draft, changes=changes, version=draft.version, by=author, at=later() + timedelta(minutes=1)
    )
