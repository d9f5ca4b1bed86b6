"""A real SMTP server on the loopback that takes, refuses or hangs up as a test tells it."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from letterlock.domain.notices import relaying
from letterlock.foundation.outbox import working
from tests.domain.mailbox.letters import later
from tests.patience import hang_seconds
from tests.ports import free_port


@dataclass(frozen=True)
class Taken:
    """A mail as the relay got it."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=email.policy.default)

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.mail.get_body(preferencelist=(kind,))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")


@dataclass
class Relay:
    """`at_recipient` and `at_data` are what it will answer; "" takes the mail, "hang up" closes the connection."""

    port: int
    taken: list[Taken] = field(default_factory=list)
    at_recipient: str = ""
    at_data: str = ""

    def mails_to(self, address: str) -> list[Taken]:
        return [mail for mail in self.taken if mail.recipients == [address]]

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not self.at_recipient:
            envelope.rcpt_tos.append(address)
        return self.at_recipient or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        if self.at_data == "hang up":
            assert server.transport
            server.transport.close()
            return "250 too late"
        if not self.at_data:
            self.taken.append(
                Taken(envelope.mail_from or "", list(envelope.rcpt_tos), envelope.original_content or b"")
            )
        return self.at_data or "250 OK"


@pytest.fixture
def relay(settings: Settings) -> Iterator[Relay]:
    """A relay that takes everything until it is told otherwise; mails of this test go there."""
    relay = Relay(port=free_port())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = relay.port
    settings.EMAIL_TIMEOUT = hang_seconds
    relaying._resting_until.clear()
    controller = Controller(
        relay, hostname="127.0.0.1", port=relay.port, enable_SMTPUTF8=True, ready_timeout=hang_seconds
    )
    controller.start()
    yield relay
    controller.stop()


def work(minutes: float = 1) -> None:
    """The worker does everything that is due so many minutes after the sending."""
    at: datetime = later(minutes)
    working.run_due_jobs(at=at, limit=1000)
