"""Who asks, and what there is to be reached: built anew for each test."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from letterlock.domain.accounts import inviting, people, proving, registering, resetting
from letterlock.domain.accounts.models import Account, Challenge, Invitation, Status
from letterlock.domain.mailbox import drafting, picturing, reading, recalling
from letterlock.domain.mailbox.models import Draft, Folder, Message, Participation
from letterlock.domain.mailbox.tidying import DraftChanges
from letterlock.domain.notices import noticing
from letterlock.domain.platforms import ledgers
from letterlock.domain.policies import addresses
from letterlock.doors.web.accounts import cookies
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.secrets import Plaintext
from tests.cast import Browser, People, Platforms, register, stranger, visit
from tests.domain.mailbox.letters import client, place, send

hour = timedelta(hours=1)
png = b"\x89PNG\r\n\x1a\n and then some"
chosen_password = "a goose walks over granite"

#: What the parameters of an address are filled with; other keys serve what is posted.
Thing = dict[str, Any]


@dataclass
class World:
    """`browsers` by who asks, `things` by what is asked for."""

    now: datetime
    browsers: dict[str, Browser] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)


def build(platforms: Platforms, cast: People) -> World:
    """Alice has written to Bob, Cecil and Bea, and to somebody who has not registered; the others have no part."""
    world = World(now=timezone.now())
    cecil = register(platforms.acme, "cecil@client.example", name="Cecil Crane")
    bea = register(platforms.acme, "bea@acme.example", name="Bea Brown", status=Status.PROFESSIONAL)
    removed = register(platforms.acme, "rufus@client.example", name="Rufus Reed")
    signed_in = {
        "sender": cast.alice, "to": cast.bob, "cc": cecil, "bcc": bea, "removed": removed, "colleague": cast.carol,
        "administrator": cast.dora, "namesake": cast.alice_at_globex,
    }  # fmt: skip
    world.browsers = {who: visit(account) for who, account in signed_in.items()} | {
        "invited": stranger(platforms.acme),
        "nobody": stranger(platforms.acme),
        "unknown host": Browser(headers={"host": "elsewhere.example"}, SERVER_NAME="elsewhere.example"),
    }
    for browser in world.browsers.values():
        browser.cookies[cookies.browser_cookie] = secrets.token_urlsafe(32)
    letters = _Letters(world, signed_in)
    letters.write()
    letters.write_drafts()
    _send_links(world, signed_in)
    return world


@dataclass
class _Letters:
    world: World
    people: dict[str, Account]

    def write(self) -> None:
        """One letter in each state, all of the same people."""
        pending = self._pending("ivo@client.example")
        opened = self._letter(pending, at=-2 * hour)
        self._keep("a message", opened, of=pending)
        with transactions.writing():
            for who in ("to", "cc", "bcc"):
                noticing.notice_access(place(opened, self.people[who]), at=self.world.now)
        self._keep("a recalled message", self._recalled(self._letter(at=-2 * hour)))
        expired = {"expires_at": self.world.now - hour, "lifetime": hour}
        self._keep("an expired message", self._letter(at=-2 * hour, **expired))
        purged = self._letter(at=-2 * hour)
        Participation.objects.filter(message=purged, account=self.people["to"]).update(purged_at=self.world.now)
        self._keep("a message To deleted for good", purged)
        trashed = self._letter(at=-2 * hour)
        Participation.objects.filter(message=trashed).update(folder=Folder.TRASH, trashed_at=self.world.now)
        self._keep("a message in everybody's Trash", trashed)
        self._open_all()
        self._keep("a message nobody has opened", self._letter(at=-2 * hour))
        ledgers.place_waiting_entries(at=self.world.now)

    def _open_all(self) -> None:
        """Everybody who can has looked at every letter: before, a recipient's slip is refused."""
        for thing in self.world.things.values():
            for who in ("to", "cc", "bcc"):
                if (account := self.people[who]).participations.visible_to(account).filter(message=thing["message"]):
                    reading.review(thing["message"], by=account, at=self.world.now, client=client)

    def write_drafts(self) -> None:
        """The sender's: an unfinished one with a picture, and one that names somebody who is new."""
        draft = self._draft(to=("bob@client.example",))
        content = Plaintext(png)
        part = picturing.add_picture(draft, content=content, by=self.people["sender"], at=self.world.now)
        draft.refresh_from_db()
        self.world.things["a draft"] = {"draft_id": draft.id, "reference": part.reference, "version": draft.version}
        newcomers = self._draft(to=("nobody.yet@client.example",))
        self.world.things["a draft to somebody new"] = {"draft_id": newcomers.id, "version": newcomers.version}

    def _draft(self, **changes: Any) -> Draft:
        sender = self.people["sender"]
        draft = drafting.start_draft(by=sender, at=self.world.now)
        wanted = DraftChanges(subject="Figures", html="<p>Soon.</p>", **changes)
        return drafting.save_draft(draft, changes=wanted, version=draft.version, by=sender, at=self.world.now)

    def _letter(self, *also_to: Account, at: timedelta, **options: Any) -> Message:
        people = self.people
        message = send(
            people["sender"],
            to=[people["to"], people["removed"], *also_to],
            cc=[people["cc"]],
            bcc=[people["bcc"]],
            at=self.world.now + at,
            **options,
        )
        Participation.objects.filter(message=message, account=people["removed"]).update(removed_at=self.world.now)
        return message

    def _recalled(self, message: Message) -> Message:
        sender = self.people["sender"]
        recalling.recall_message(message, reason="", destroy_own_copy=False, by=sender, at=self.world.now)
        return message

    def _pending(self, address: str) -> Account:
        return _invite(address, by=self.people["sender"], at=self.world.now).account

    def _keep(self, name: str, message: Message, *, of: Account | None = None) -> None:
        """`participation_id` is the place of somebody whom the sender may help: one that a mail did not reach."""
        helped = place(message, of or self.people["cc"])
        if of is not None:
            Participation.objects.filter(id=helped.id).update(not_delivered_at=self.world.now)
        self.world.things[name] = {
            "message_id": message.id, "participation_id": helped.id, "code": message.code, "message": message,
        }  # fmt: skip


def _send_links(world: World, people_: dict[str, Account]) -> None:
    alice = people_["sender"]
    things = world.things
    link = _invite("gil@client.example", by=alice, at=world.now)
    things["an invitation"] = _link(link)
    lapsed = _invite("lea@client.example", by=alice, at=world.now)
    Invitation.objects.filter(id=lapsed.id).update(expires_at=world.now - hour)
    things["a lapsed invitation"] = _link(lapsed)
    used = _invite("uma@client.example", by=alice, at=world.now)
    with transactions.writing():
        Account.objects.filter(id=used.account_id).update(state="active", registered_at=world.now)
        Invitation.objects.filter(id=used.id).update(accepted_at=world.now)
    things["a used invitation"] = _link(used)
    read = addresses.read_address("sven@acme.example")
    member = people.add_person(alice.platform, address=read, name="Sven", status=Status.PROFESSIONAL, at=world.now)
    things["a set-up link"] = _link(member)
    _ask_for_codes(world, people_, link)
    visit(alice)
    things["another session of the sender"] = {"session_id": alice.sessions.latest("created_at").id}
    things["the Inbox"] = {"folder": "inbox"}


def _ask_for_codes(world: World, people_: dict[str, Account], link: Invitation) -> None:
    """Two codes, each asked for in one browser: the invited person's, and the sender's own."""
    typed_in = {who: browser.cookies[cookies.browser_cookie].value for who, browser in world.browsers.items()}
    registering_ = registering.begin(
        link, name="Gil", password=chosen_password, time_zone="", browser=typed_in["invited"], at=world.now
    )
    world.things["an invitation"] |= _code(registering_)
    resetting_ = resetting.begin(
        platform=link.platform,
        address=people_["to"].address,
        browser=typed_in["to"],
        network="192.0.2.1",
        at=world.now,
    )
    world.things["a reset code of To's browser"] = _code(resetting_)


def _code(challenge: Challenge) -> Thing:
    return {"challenge_id": challenge.id, "code": proving.code_of(challenge)}


def _invite(address: str, *, by: Account, at: datetime) -> Invitation:
    read = addresses.read_address(address)
    account = inviting.ensure_accounts([read], platform=by.platform, at=at)[read.normal]
    with transactions.writing():
        return inviting.invite(account, by=by, at=at)


def _link(invitation: Invitation) -> Thing:
    token = urlsplit(inviting.link_of(invitation)).path.rstrip("/").rpartition("/")[2]
    return {"invitation_id": invitation.id, "token": token}
