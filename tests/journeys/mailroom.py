"""A real SMTP server that keeps what it is given, so that a journey reads the mails people would read."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.patience import hang_seconds


@dataclass(frozen=True)
class Letter:
    """One mail as it arrived."""

    recipient: str
    sender: str
    mail: EmailMessage
    raw: bytes

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"])

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def link(self) -> str:
        """Where its one button leads."""
        return re.findall(r"https?://\S+?/(?:invitations|messages|folders)/\S*", self.text)[0]

    @property
    def code(self) -> str:
        """The eight digits to be typed, as the mail spells them."""
        found = re.search(r"(?m)^\s*(\d{4}[ -]?\d{4})\s*$", self.text)
        assert found, self.text
        return found[1]

    def _part(self, kind: str) -> str:
        body = self.mail.get_body((kind,))
        assert body is not None, f"This mail has no {kind} part."
        return str(body.get_content())


class Mailroom:
    """What has arrived, in order. `refuses` makes an address unknown to the server."""

    def __init__(self) -> None:
        self.port = 0
        self.refused: dict[str, str] = {}
        self.quoted: dict[str, Letter | None] = {}
        self._letters: list[Letter] = []
        self._arrived = threading.Condition()

    def to(self, address: str) -> list[Letter]:
        """Everything that has arrived for this address."""
        with self._arrived:
            return [letter for letter in self._letters if letter.recipient == address]

    def everything(self) -> list[Letter]:
        """All that has arrived, for whomever."""
        with self._arrived:
            return list(self._letters)

    def wait_for(self, address: str, matching: Callable[[Letter], bool] = lambda _letter: True) -> Letter:
        """The newest mail to this address that matches, as soon as there is one."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: self._newest(address, matching), hang_seconds), (
                f"No such mail for {address}; there are {[(one.recipient, one.subject) for one in self._letters]}."
            )
            newest = self._newest(address, matching)
            assert newest is not None
            return newest

    def invitation_for(self, address: str) -> Letter:
        return self.wait_for(address, lambda letter: "/invitations/" in letter.text)

    def code_for(self, address: str, *, but: str = "") -> str:
        """The newest code for this address, other than one used before."""
        return self.wait_for(address, lambda letter: _has_code(letter) and letter.code != but).code

    def refuse(self, address: str, words: str) -> None:
        """From now on this address is unknown here, in these words."""
        self.refused[address] = words

    def refuse_and_quote(self, address: str) -> None:
        """From now on mails to this address are refused with the link that is in them, as filters do."""
        self.quoted[address] = None

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        mail = message_from_bytes(raw, policy=policy.default)
        if (address := envelope.rcpt_tos[0]) in self.quoted:
            self.quoted[address] = letter = Letter(address, envelope.mail_from or "", mail, raw)
            return f"554 5.7.1 Refused for what it links to: {letter.link}"
        with self._arrived:
            for recipient in envelope.rcpt_tos:
                self._letters.append(Letter(recipient, envelope.mail_from or "", mail, raw))
            self._arrived.notify_all()
        return "250 Taken"

    def _newest(self, address: str, matching: Callable[[Letter], bool]) -> Letter | None:
        found = (one for one in reversed(self._letters) if one.recipient == address and matching(one))
        return next(found, None)


@contextmanager
def open_mailroom(port: int) -> Iterator[Mailroom]:
    """A server on this port of the loopback interface."""
    room = Mailroom()
    room.port = port
    controller: Any = Controller(room, hostname="127.0.0.1", port=port, ready_timeout=hang_seconds)
    controller.start()
    try:
        yield room
    finally:
        controller.stop()


def _has_code(letter: Letter) -> bool:
    return re.search(r"(?m)^\s*\d{4}[ -]?\d{4}\s*$", letter.text) is not None
