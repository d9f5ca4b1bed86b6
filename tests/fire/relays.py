"""Mail servers that misbehave, each in the way of a real one: silent, unwilling, or dead at the worst moment."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class BadRelay:
    """Answers every caller in one way, until it is closed. `taken` are the mails it was given whole."""

    behave: Callable[["BadRelay", socket.socket], None]
    listening: socket.socket
    calls: int = 0
    taken: list[bytes] = field(default_factory=list)
    _held: list[socket.socket] = field(default_factory=list)

    def serve(self) -> None:
        """Answer until the socket is closed."""
        with suppress(OSError):
            while True:
                caller, _address = self.listening.accept()
                self.calls += 1
                self._held.append(caller)
                with suppress(OSError):
                    self.behave(self, caller)

    def close(self) -> None:
        for each in (self.listening, *self._held):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def hang(_relay: BadRelay, _caller: socket.socket) -> None:
    """Takes the call and says nothing."""


def refuse(_relay: BadRelay, caller: socket.socket) -> None:
    """Wants nobody's mail today."""
    caller.sendall(b"554 No mail service here today\r\n")
    caller.close()


def die_after_data(relay: BadRelay, caller: socket.socket) -> None:
    """Takes the whole mail, and is gone before it says so."""
    lines = caller.makefile("rb")
    caller.sendall(b"220 relay.example\r\n")
    while (line := lines.readline()) and not line.upper().startswith(b"DATA"):
        caller.sendall(b"250 relay.example\r\n")
    caller.sendall(b"354 Go on\r\n")
    mail = b"".join(iter(lines.readline, b".\r\n"))
    relay.taken.append(mail)
    lines.close()
    caller.shutdown(socket.SHUT_RDWR)
    caller.close()


@contextmanager
def bad_relay(port: int, behave: Callable[[BadRelay, socket.socket], None]) -> Iterator[BadRelay]:
    """A server on this port that behaves so, until the end of the block."""
    relay = BadRelay(behave, socket.create_server(("127.0.0.1", port), backlog=50))
    thread = threading.Thread(target=relay.serve)
    thread.start()
    try:
        yield relay
    finally:
        relay.close()
        thread.join()
