"""The two servers of the catcher: SMTP that takes everything, and HTTP that shows it. Both on the loopback only."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone

from letterlock.doors.commands.catching import pages
from letterlock.doors.commands.catching.keeping import Box

loopback = "127.0.0.1"
largest_mail_bytes = 32 * 1024 * 1024
longest_start = timedelta(minutes=1)  # a machine that is busy preparing the demo takes longer than five seconds


@contextmanager
def catching(box: Box, *, smtp_port: int, web_port: int) -> Iterator[int]:
    """Both servers run while inside; gives the port of the pages. OSError when a port is taken."""
    _refuse_taken_port(smtp_port)
    web = ThreadingHTTPServer((loopback, web_port), _page_handler(box))
    web.daemon_threads = True
    smtp = Controller(
        _Taker(box),
        hostname=loopback,
        port=smtp_port,
        data_size_limit=largest_mail_bytes,
        enable_SMTPUTF8=True,
        ready_timeout=longest_start.total_seconds(),
    )
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    try:
        smtp.start()
        thread.start()
        yield web.server_port
    finally:
        if thread.is_alive():
            web.shutdown()
            smtp.stop()
        web.server_close()


def _refuse_taken_port(port: int) -> None:
    """OSError at once: aiosmtpd would wait for five seconds and leave its event loop open."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((loopback, port))


class _Taker:
    """Takes every mail for everybody."""

    def __init__(self, box: Box) -> None:
        self._box = box

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        content = envelope.original_content or b""
        self._box.catch(content, recipients=tuple(envelope.rcpt_tos), at=timezone.now())
        return "250 Caught"


def _page_handler(box: Box) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version = "letterlock-mailcatcher"
        sys_version = ""

        def do_GET(self) -> None:
            page = pages.answer(self.path, host=self.headers.get("Host", ""), box=box)
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(page.content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(page.content)

        do_HEAD = do_GET  # noqa: N815 -- http.server's name

        def log_message(self, *_words: Any) -> None:
            """Nothing: a page that refreshes itself would fill the terminal."""

    return Handler
