"""What a browser does that no letter may make it do: said of each address that did it.

Three watchers that know nothing of one another: the page's own ears (dialogs, consoles, what ran), the browser's list
of requests, and a proxy through which everything must go that is meant for another host.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Response, WebError

#: In every document that may run scripts: what asks for a dialog is noted with its address before the dialog comes.
ears = """
try { top.ran ??= []; } catch { /* a document of another host */ }
for (const name of ["alert", "confirm", "prompt", "print"]) {
  const own = window[name].bind(window);
  window[name] = (...words) => { top.ran.push(`${location.href} asked for a dialog`); return own(...words); };
}
"""
#: What this browser asks for by itself, whatever page is open.
own_errands = ("googleapis.com", "accounts.google.com", "gstatic.com")
#: These stay inside the browser.
within = {"data", "blob", "about", "chrome-error"}


@dataclass(frozen=True)
class Deed:
    """Something that happened: of which kind, where, and in the browser's words."""

    kind: str
    where: str
    words: str


class Trap:
    """A proxy that passes nothing on, and keeps the first line of whatever it is asked for."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.asked: list[str] = []

    def strangers(self) -> list[str]:
        """Every address that was asked for, as `host/path`, but for the browser's own errands."""
        asked = [line.split()[1].partition("://")[2] or line.split()[1] for line in self.asked if " " in line]
        return [one for one in asked if not one.partition("/")[0].partition(":")[0].endswith(own_errands)]

    def forget(self) -> None:
        """What came so far was wanted."""
        self.asked.clear()

    @property
    def address(self) -> str:
        host, port = self._listening.getsockname()
        return f"http://{host}:{port}"

    def listen(self) -> None:
        with suppress(OSError):  # closed from outside: the end
            while True:
                caller, _address = self._listening.accept()
                with caller:
                    caller.settimeout(2)
                    with suppress(OSError):
                        self.asked.append(caller.recv(4096).partition(b"\r\n")[0].decode("latin-1"))
                        caller.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@contextmanager
def set_trap() -> Iterator[Trap]:
    """A trap on this machine, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        trap = Trap(listening)
        thread = threading.Thread(target=trap.listen, daemon=True)
        thread.start()
        yield trap
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@dataclass
class Watch:
    """Everything that happened in a browser context since it began to be watched."""

    home: str
    deeds: list[Deed] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Deed]:
        return [deed for deed in self.deeds if deed.kind == kind]

    def begin(self, context: BrowserContext) -> "Watch":
        context.add_init_script(ears)
        context.on("dialog", self._dialog)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("page", lambda page: self._note("window", page.url, "a window was opened"))
        return self

    def hear(self, page: Page) -> list[str]:
        """What ran in the page and in its frames so far."""
        ran: list[str] = page.evaluate("() => top.ran ?? []")
        return ran

    def _note(self, kind: str, where: str, words: str) -> None:
        self.deeds.append(Deed(kind, where, words))

    def _dialog(self, dialog: Dialog) -> None:
        self._note("dialog", dialog.page.url if dialog.page else "", dialog.message)
        dialog.dismiss()

    def _console(self, said: ConsoleMessage) -> None:
        self._note("console", said.location["url"], f"{said.type}: {said.text}")

    def _error(self, error: WebError) -> None:
        self._note("error", error.page.url if error.page else "", str(error.error))

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in within and address.hostname != self.home:
            self._note("request", "" if request.is_navigation_request() else request.frame.url, request.url)

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self._note("crash", response.url, str(response.status))
