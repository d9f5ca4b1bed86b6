"""Lives through the month the stories tell, act by act, with the verbs that pages use and `at` in the past.

Each act is followed by the work it leaves in the outbox, so that mails, first accesses and destroyed keys carry the
times at which they would have happened. People read at a pace drawn from the letter's key: every run is the same.
"""

import heapq
import itertools
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from html import escape
from uuid import uuid5

from letterlock.domain.accounts import inviting, people, proving, registering, setting_up
from letterlock.domain.accounts.models import Account, Invitation, Status
from letterlock.domain.mailbox import drafting, expiring, moving, reading, recalling, sending
from letterlock.domain.mailbox.models import Draft, DraftKind, Folder, Message
from letterlock.domain.mailbox.tidying import DraftChanges
from letterlock.domain.notices import noticing
from letterlock.domain.platforms.models import Platform
from letterlock.domain.policies import addresses
from letterlock.doors.commands.demo.shapes import Member, Story, TakenBack, Unfinished, Written
from letterlock.foundation.outbox import working

clients = ("Firefox on Windows", "Chromium on Linux", "Safari on iPhone", "Edge on Windows", "Safari on macOS")
days_before = 31

Act = Callable[[datetime], None]


@dataclass
class Month:
    """One platform's month while it is being lived."""

    story: Story
    today: datetime
    password: str
    platform: Platform = field(init=False)
    accounts: dict[str, Account] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=itertools.count)

    def live(self) -> None:
        """Found the platform, then do everything in the order of its time. Nothing lies in the future."""
        self._found()
        for letter in self.story.letters:
            self._plan(self._instant(letter.day, letter.time), partial(self._write, letter))
        for recall in self.story.recalls:
            self._plan(self._instant(recall.day, recall.time), partial(self._take_back, recall))
        for draft in self.story.drafts:
            self._plan(self._instant(draft.day, draft.time), partial(self._leave_draft, draft))
        self._plan(self.today - timedelta(hours=14), self._look_at_notices)
        self._plan(self.today - timedelta(minutes=2), self._tidy)
        while self._acts:
            at, _, act = heapq.heappop(self._acts)
            act(at)
            working.run_due_jobs(at=at + timedelta(seconds=3), limit=1000)

    def _plan(self, at: datetime, act: Act) -> None:
        if at < self.today:
            heapq.heappush(self._acts, (at, next(self._order), act))

    def _instant(self, day: int, clock: str) -> datetime:
        """The time of day that many days ago; a time of today that is still to come becomes an hour ago."""
        then = datetime.combine(self.today.date(), time.fromisoformat(clock), self.today.tzinfo) - timedelta(days=day)
        return min(then + timedelta(seconds=_dice(clock, 50)), self.today - timedelta(hours=1))

    # ── people ────────────────────────────────────────────────────────────────

    def _found(self) -> None:
        at = self.today - timedelta(days=days_before)
        head, *others = [member for member in self.story.members if member.status != Status.GUEST]
        invitation = people.found_platform(
            name=self.story.name,
            host=self.story.host,
            accent=self.story.accent,
            support_address=self.story.support_address,
            administrator=addresses.read_address(head.address),
            administrator_name=head.name,
            at=at,
        )
        self.platform = invitation.platform
        self._set_up(head, invitation, at=at)
        for member in others:
            address = addresses.read_address(member.address)
            added = people.add_person(self.platform, address=address, name=member.name, status=member.status, at=at)
            self._set_up(member, added, at=at)

    def _set_up(self, member: Member, invitation: Invitation, *, at: datetime) -> None:
        signed_in = setting_up.set_password(
            invitation,
            name=member.name,
            password=member.password or self.password,
            client=_client_of(member.key),
            at=at + timedelta(minutes=20),
        )
        self.accounts[member.key] = signed_in.account

    def _register(self, member: Member, account: Account, *, at: datetime) -> None:
        """The way of every invited person: link, name, password, code from the mail."""
        invitation = inviting.invitation_of(account)
        if invitation is None:
            raise LookupError(f"{member.name} was never invited.")
        browser = f"browser of {member.key} on {self.story.host}"
        challenge = registering.begin(
            invitation,
            name=member.name,
            password=member.password or self.password,
            time_zone="",
            browser=browser,
            at=at,
        )
        working.run_due_jobs(at=at)
        registered = registering.complete(
            challenge.id,
            code=proving.code_of(challenge),
            browser=browser,
            platform=self.platform,
            client=_client_of(member.key),
            at=at + timedelta(seconds=40),
        )
        self.accounts[member.key] = registered.account

    def _member(self, key: str) -> Member:
        return next(member for member in self.story.members if member.key == key)

    # ── letters ───────────────────────────────────────────────────────────────

    def _write(self, letter: Written, at: datetime) -> None:
        author = self.accounts[letter.by]
        draft = self._begin(letter, author, at=at - timedelta(minutes=6))
        changes = DraftChanges(html=_html(letter.text))
        if not letter.of:
            changes = DraftChanges(
                to=self._people(letter.to),
                cc=self._people(letter.cc),
                bcc=self._people(letter.bcc),
                subject=letter.subject,
                html=_html(letter.text),
                tracking=letter.tracking,
                reply_freeze=letter.reply_freeze,
                lifetime=letter.lifetime,
            )
        draft = drafting.save_draft(draft, changes=changes, version=draft.version, by=author, at=at)
        message = sending.send_draft(
            draft,
            idempotency_key=uuid5(self.platform.id, letter.key),
            invite=True,
            by=author,
            at=at,
            client=_client_of(letter.by),
        )
        self.messages[letter.key] = message
        self._plan_reading(letter, message, at=at)
        if message.expires_at:
            self._plan(message.expires_at + timedelta(seconds=30), _expire)

    def _begin(self, letter: Written, author: Account, *, at: datetime) -> Draft:
        if not letter.of:
            return drafting.start_draft(by=author, at=at)
        kind = DraftKind.REPLY_ALL if letter.answers_all else DraftKind.REPLY
        return drafting.start_reply(self.messages[letter.of], kind=kind, by=author, at=at)

    def _people(self, keys: str) -> tuple[str, ...]:
        members = [self._member(key) for key in keys.split()]
        return tuple(member.address for member in members)

    def _plan_reading(self, letter: Written, message: Message, *, at: datetime) -> None:
        unread = {self._member(key).address for key in letter.unread.split()}
        for place in message.participations.exclude(account_id=message.sender_id).select_related("account"):
            address = place.account.address
            if address in unread:
                continue
            member = next(one for one in self.story.members if one.address == address)
            first = at + timedelta(minutes=4 + _dice(f"{letter.key} {member.key}", 22), seconds=_dice(member.key, 47))
            self._plan(first, partial(self._read, letter.key, member))
            if _dice(f"again {letter.key} {member.key}", 3) == 0:
                self._plan(first + timedelta(hours=20), partial(self._read, letter.key, member))

    def _read(self, letter: str, member: Member, at: datetime) -> None:
        if member.key not in self.accounts:
            account = Account.objects.of(self.platform).get(address=member.address)
            self._register(member, account, at=at - timedelta(minutes=1))
        account = self.accounts[member.key]
        message = Message.objects.visible_to(account).get(id=self.messages[letter].id)
        try:
            reading.retrieve(message, by=account, at=at, client=_client_of(member.key))
        except (reading.Recalled, reading.Expired):
            reading.review(message, by=account, at=at, client=_client_of(member.key))

    # ── what else happens ─────────────────────────────────────────────────────

    def _take_back(self, recall: TakenBack, at: datetime) -> None:
        message = self.messages[recall.of]
        recalling.recall_message(
            message,
            reason=recall.reason,
            destroy_own_copy=False,
            by=message.sender,
            at=at,
            client=_client_of(message.sender.name),
        )

    def _leave_draft(self, unfinished: Unfinished, at: datetime) -> None:
        author = self.accounts[unfinished.by]
        draft = drafting.start_draft(by=author, at=at)
        changes = DraftChanges(to=(unfinished.to,), subject=unfinished.subject, html=_html(unfinished.text))
        drafting.save_draft(draft, changes=changes, version=draft.version, by=author, at=at)

    def _tidy(self, at: datetime) -> None:
        for key, letter in self.story.archived:
            moving.move(self.messages[letter], to=Folder.ARCHIVE, by=self.accounts[key], at=at)

    def _look_at_notices(self, at: datetime) -> None:
        for account in self.accounts.values():
            noticing.mark_seen(account, at=at)


def _expire(at: datetime) -> None:
    expiring.expire_due(at=at)


def _html(text: str) -> str:
    """Paragraphs, and lists where lines begin with a dash: what the editor would have made."""
    return "".join(_block(block) for block in text.strip().split("\n\n"))


def _block(block: str) -> str:
    lines = block.split("\n")
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{escape(line[2:], quote=False)}</li>" for line in lines) + "</ul>"
    return "<p>" + "<br>".join(escape(line, quote=False) for line in lines) + "</p>"


def _client_of(key: str) -> str:
    return clients[_dice(key, len(clients))]


def _dice(words: str, sides: int) -> int:
    """The same number for the same words, on every machine."""
    return zlib.crc32(words.encode()) % sides
