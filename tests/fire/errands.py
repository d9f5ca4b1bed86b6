"""What people were doing when the machine died, how they go on, and what must be so afterwards."""

import contextlib
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

from tests.fire.burning import Burning
from tests.fire.visiting import Answer, UnansweredError, Visitor
from tests.journeys.mailroom import Letter
from tests.journeys.product import Person, acme, password
from tests.patience import wait_until

numbers = itertools.count(1)
words = "The numbers are in, and they are good."
#: A sender may invite fifty new people a day, so a long run needs new senders.
errands_for_a_sender = 20


@dataclass
class Cast:
    """Who writes to whom; the writer is always somebody who has invited few people yet."""

    product: Burning
    _couples: list[tuple[Person, Person]] = field(default_factory=list)
    _asked: int = 0

    def couple(self) -> tuple[Person, Person]:
        """A Professional, and the Guest they write to."""
        if self._asked % errands_for_a_sender == 0:
            alice = self._member("Alice", "acme.example", "professional")
            self._couples.append((alice, self._member("Bob", "client.example", "guest")))
        self._asked += 1
        return self._couples[-1]

    def newcomer(self) -> Person:
        """Somebody nobody has written to yet."""
        return Person("Nora Newcomer", f"nora-{next(numbers)}@new.example")

    def _member(self, name: str, domain: str, status: str) -> Person:
        number = next(numbers)
        return self.product.member(Person(f"{name} {number}", f"{name.lower()}-{number}@{domain}"), status=status)


class Errand:
    """One thing a person does. `act` may end at any point with UnansweredError; `go_on` is what they do afterwards."""

    name = ""

    def __init__(self, product: Burning, cast: Cast) -> None:
        self.product, self.cast = product, cast
        (self.alice, self.bob), self.nora = cast.couple(), cast.newcomer()
        self.subject = f"Figures {uuid4()}"
        self.answered: list[str] = []

    def prepare(self) -> None:
        """Everything before the part that burns."""

    def act(self) -> None:
        raise NotImplementedError

    def go_on(self) -> None:
        raise NotImplementedError

    def wrong(self) -> list[str]:
        """What is not as it should be now; a sentence each."""
        raise NotImplementedError

    def send(self, *to: Person) -> str:
        """A letter that is sent and told of; its id."""
        writer = self.product.visitor(self.alice.address)
        answer = self._send_from(writer, self._start(writer), *to)
        assert answer.status == 302, answer.text
        return answer.way.split("/")[2]

    def _start(self, writer: Visitor) -> str:
        started = writer.post("/drafts/", writer.get("/folders/drafts/"))
        assert started.status == 302, started.text
        return started.way

    def _send_from(self, writer: Visitor, way: str, *to: Person) -> Answer:
        page = writer.get(way)
        return writer.post(f"{way}sending/", page, **self._form(page, *to))

    def _form(self, page: Answer, *to: Person) -> dict[str, str]:
        kept = {name: page.fields[name] for name in ("version", "idempotency_key")}
        addresses = ", ".join(one.address for one in to)
        return {**kept, "to": addresses, "subject": self.subject, "html": f"<p>{words}</p>", "invite": "on"}


class Sending(Errand):
    """A letter to somebody known and somebody new."""

    name = "sending"
    form: dict[str, str]
    way = ""

    def prepare(self) -> None:
        self.product.visitor(self.alice.address)

    def act(self) -> None:
        writer = self.product.visitor(self.alice.address)
        self.way = self._start(writer)
        page = writer.get(self.way)
        self.form = self._form(page, self.bob, self.nora)
        answer = writer.post(f"{self.way}sending/", page, **self.form)
        assert answer.status == 302, answer.text
        self.answered.append(answer.way)

    def go_on(self) -> None:
        """Whoever had no answer presses again; where the page is too old, from a fresh one."""
        writer = self.product.visitor(self.alice.address)
        if not self.answered and self.way and hasattr(self, "form"):
            again = writer.post(f"{self.way}sending/", writer.get("/folders/drafts/"), **self.form)
            if again.status == 302:
                self.answered.append(again.way)
        if not self.answered:
            way = self.way if self.way and writer.get(self.way).is_good else ""
            way = way or self._start(writer)
            self.answered.append(self._send_from(writer, way, self.bob, self.nora).way)

    def wrong(self) -> list[str]:
        found = self.product.ask("messages_called", subject=self.subject)
        if len(found) != 1:
            return [f"The letter was sent {len(found)} times."]
        shown = self.product.visitor(self.alice.address).get(f"/messages/{found[0]}/")
        return [
            *([] if self.answered == [f"/messages/{found[0]}/"] else [f"The sender was led to {self.answered}."]),
            *([] if shown.is_good and self.subject in shown.text else ["The sender does not find what was sent."]),
            *_told_once(self, self.bob, found[0]),
            *_told_once(self, self.nora, "/invitations/"),
        ]


class Reading(Errand):
    """The first opening of a letter."""

    name = "reading"
    message = ""

    def prepare(self) -> None:
        self.message = self.send(self.bob)
        self.product.visitor(self.bob.address)

    def act(self) -> None:
        self._open()

    def go_on(self) -> None:
        self._open()

    def wrong(self) -> list[str]:
        """Told once. Recorded as often as the text went out, or once more."""
        facts = self.product.ask("facts", message=self.message)
        recorded = facts.get("mailbox.message.retrieved", 0)
        return [
            *([] if self.answered and words in self.answered[-1] else ["The reader does not get the text."]),
            *([] if recorded >= len(self.answered) else ["The text went out and was not recorded."]),
            *_told_once(self, self.alice, self.message, kind="access"),
        ]

    def _open(self) -> None:
        reader, way = self.product.visitor(self.bob.address), f"/messages/{self.message}/"
        answer = reader.post(f"{way}openings/", reader.get(way), view="letter")
        if answer.is_good:
            self.answered.append(answer.text)


class Recalling(Errand):
    """A letter taken back that one person has read and another never saw."""

    name = "recalling"
    message = ""

    def prepare(self) -> None:
        self.message = self.send(self.bob, self.nora)
        self.product.visitor(self.bob.address)
        self.product.drain()

    def act(self) -> None:
        self._recall()

    def go_on(self) -> None:
        if not self.answered:
            self._recall()

    def wrong(self) -> list[str]:
        reader, way = self.product.visitor(self.bob.address), f"/messages/{self.message}/"
        refused = reader.post(f"{way}openings/", reader.get(way), view="letter")
        writer = self.product.visitor(self.alice.address)
        own = writer.post(f"{way}openings/", writer.get(way), view="letter")
        return [
            *([] if refused.status == 410 and words not in refused.text else ["A recalled letter is handed out."]),
            *([] if words in own.text else ["The sender's own copy is gone."]),
            *_told_once(self, self.bob, self.message, kind="recall"),
        ]

    def _recall(self) -> None:
        writer, way = self.product.visitor(self.alice.address), f"/messages/{self.message}/recall/"
        page = writer.get(f"/messages/{self.message}/")
        answer = writer.post(way, page, reason="The wrong numbers")
        assert answer.status in {302, 409}, answer.text
        self.answered.append(answer.way)


class Registering(Errand):
    """Somebody invited who makes an account: a name and a password, a code by mail, then the letter."""

    name = "registering"
    link = ""
    browser: Visitor

    def prepare(self) -> None:
        self.message = self.send(self.nora)
        self.link = urlsplit(self.product.mailroom.invitation_for(self.nora.address).link).path
        self.browser = self.product.visitor(self.nora.address, signed_in=False)

    def act(self) -> None:
        self._register()

    def go_on(self) -> None:
        """Signs in if that is possible; otherwise the invitation is as good as before."""
        if self.answered:
            return
        with contextlib.suppress(AssertionError):
            self.browser.sign_in(self.nora.address, password)
            self.answered.append(f"/messages/{self.message}/")
            return
        self.product.drain()  # a code that was asked for before the crash arrives, and is not the one asked for now
        self._register()

    def wrong(self) -> list[str]:
        way = f"/messages/{self.message}/"
        page = self.browser.get(way)
        read = self.browser.post(f"{way}openings/", page, view="letter")
        state = self.product.ask("state_of", host=acme, address=self.nora.address)
        again = Visitor(acme, self.product.port).sign_in(self.nora.address, password)
        return [
            *([] if words in read.text else ["The newcomer does not get the letter."]),
            *([] if state == "active" and again.get(way).is_good else ["The newcomer cannot sign in again."]),
            *_told_once(self, self.nora, "/invitations/"),
        ]

    def _register(self) -> None:
        known = {one.code for one in self._codes()}
        page = self.browser.get(self.link)
        asked = self.browser.post(self.link, page, name=self.nora.name, password=password, terms="on")
        assert asked.status == 302, asked.text
        wait_until(lambda: self._new_codes(known) or not self.product.is_alive(), "a code arrives", self.product.logs)
        if not self._new_codes(known):
            raise UnansweredError
        proven = self.browser.post(asked.way, self.browser.get(asked.way), code=self._new_codes(known)[-1])
        assert proven.status == 302, proven.text
        self.answered.append(proven.way)

    def _new_codes(self, known: set[str]) -> list[str]:
        return [one.code for one in self._codes() if one.code not in known]

    def _codes(self) -> list[Letter]:
        """Mails with digits, in the order of their arrival."""
        return [one for one in self.product.mailroom.to(self.nora.address) if _kind_of(one) == "code"]


errands: dict[str, Callable[[Burning, Cast], Errand]] = {
    each.name: each for each in (Sending, Reading, Recalling, Registering)
}


def _told_once(errand: Errand, person: Person, about: str, *, kind: str = "") -> list[str]:
    """Exactly one mail about this, however often the same one was handed over; and copies are the same mail."""
    mails = [one for one in errand.product.mailroom.to(person.address) if about in one.text and kind in _kind_of(one)]
    counts = Counter(str(one.mail["Message-ID"]) for one in mails)
    bodies = {(str(one.mail["Message-ID"]), one.text) for one in mails}
    if len(counts) == 1 and len(bodies) == 1:
        return []
    return [f"{person.address} got {len(counts)} mails{f' of kind {kind}' if kind else ''} about {about}."]


def _kind_of(letter: Letter) -> str:
    """The kind a mail's Message-ID names: see docs/formats/mail-headers.md."""
    return str(letter.mail["Message-ID"]).split(".")[2]
