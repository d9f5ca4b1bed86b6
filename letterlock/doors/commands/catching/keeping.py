"""The caught mails: in memory, and in a folder when one is given, so that they outlive a restart."""

import email
import email.policy
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

most_kept = 1000


@dataclass(frozen=True, kw_only=True)
class Caught:
    """One mail as it came: the envelope's words and the bytes."""

    number: int
    caught_at: datetime
    recipients: tuple[str, ...]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=email.policy.default)

    @property
    def subject(self) -> str:
        return str(self.mail.get("Subject", "")) or "(no subject)"

    @property
    def sender_name(self) -> str:
        """Who it says it is from; the address where there is no name."""
        addresses = getattr(self.mail["From"], "addresses", ())
        return str(addresses[0].display_name or addresses[0].addr_spec) if addresses else "(nobody)"

    def part(self, kind: str) -> str:
        """The text of the part `plain` or `html`; empty when there is none."""
        part = self.mail.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part is not None else ""


class Box:
    """The latest thousand mails. Several threads may use one box."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._mails: deque[Caught] = deque(maxlen=most_kept)
        self._last_number = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(folder.glob("*.eml"), key=lambda path: path.name)[-most_kept:]:
                self._read(path)

    def catch(self, content: bytes, *, recipients: tuple[str, ...], at: datetime) -> Caught:
        """Keep one more mail."""
        with self._lock:
            self._last_number += 1
            caught = Caught(number=self._last_number, caught_at=at, recipients=recipients, content=content)
            if self._folder is not None:
                envelope = f"X-Caught-For: {', '.join(recipients)}\r\n".encode()
                (self._folder / f"{caught.number:06}-{at:%Y%m%dT%H%M%SZ}.eml").write_bytes(envelope + content)
            self._mails.append(caught)
        return caught

    def newest_first(self) -> list[Caught]:
        with self._lock:
            return list(reversed(self._mails))

    def numbered(self, number: int) -> Caught | None:
        with self._lock:
            return next((caught for caught in self._mails if caught.number == number), None)

    def _read(self, path: Path) -> None:
        number, _, stamp = path.stem.partition("-")
        try:
            self._last_number = int(number)
            at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            return  # somebody else's file
        envelope, _, content = path.read_bytes().partition(b"\r\n")
        recipients = tuple(envelope.decode().removeprefix("X-Caught-For: ").split(", "))
        self._mails.append(Caught(number=self._last_number, caught_at=at, recipients=recipients, content=content))
