"""The pages of the catcher: a list that refreshes itself without a script, and one mail beside it.

A mail is shown as a stranger's mail is: its HTML in a frame that runs no script and loads nothing.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from http import HTTPStatus
from importlib import resources
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from letterlock.doors.commands.catching.keeping import Box

page_policy = (
    "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
mail_policy = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
shared_headers = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """An answer, ready to be sent."""

    status: HTTPStatus
    headers: dict[str, str]
    content: bytes


def answer(target: str, *, host: str, box: Box) -> Page:
    """The page at this target. A host name that is not this machine's gets nothing: mails hold codes and links, and
    any page on the web could point a name of its own at the loopback."""
    if not _is_local(host):
        return _page("nothing.html", status=HTTPStatus.MISDIRECTED_REQUEST)
    url = urlsplit(target)
    for pattern, view in _routes:
        if match := pattern.fullmatch(url.path):
            return view(box, url.query, *match.groups())
    return _page("nothing.html", status=HTTPStatus.NOT_FOUND)


def _home(box: Box, _query: str) -> Page:
    newest = next(iter(box.newest_first()), None)
    return _page("mail.html", caught=None, is_empty=newest is None)


def _list(box: Box, query: str) -> Page:
    chosen = parse_qs(query).get("open", [""])[0]
    return _page("list.html", mails=box.newest_first(), chosen=int(chosen) if chosen.isdecimal() else 0)


def _mail(box: Box, _query: str, number: str) -> Page:
    caught = box.numbered(int(number))
    if caught is None:
        return _page("nothing.html", status=HTTPStatus.NOT_FOUND)
    return _page(
        "mail.html",
        caught=caught,
        has_html=bool(caught.part("html")),
        text=_with_links(caught.part("plain")),
        headers=_headers_of(caught.mail),
    )


def _html(box: Box, _query: str, number: str) -> Page:
    caught = box.numbered(int(number))
    if caught is None:
        return _page("nothing.html", status=HTTPStatus.NOT_FOUND)
    # Every link opens a new tab: the frame must never become somebody's page.
    content = '<!DOCTYPE html><base target="_blank">' + caught.part("html")
    return _sent(content.encode(), kind="text/html; charset=utf-8", policy=mail_policy)


def _source(box: Box, _query: str, number: str) -> Page:
    caught = box.numbered(int(number))
    if caught is None:
        return _page("nothing.html", status=HTTPStatus.NOT_FOUND)
    return _sent(caught.content, kind="text/plain; charset=utf-8")


def _style(_box: Box, _query: str) -> Page:
    style = resources.files(__package__).joinpath("templates/style.css").read_bytes()
    return _sent(style, kind="text/css; charset=utf-8")


_routes: list[tuple[re.Pattern[str], Callable[..., Page]]] = [
    (re.compile(r"/"), _home),
    (re.compile(r"/list/"), _list),
    (re.compile(r"/mails/([0-9]{1,9})/"), _mail),
    (re.compile(r"/mails/([0-9]{1,9})/html/"), _html),
    (re.compile(r"/mails/([0-9]{1,9})/source/"), _source),
    (re.compile(r"/style\.css"), _style),
]


def _is_local(host: str) -> bool:
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name in {"127.0.0.1", "localhost", "[::1]"} or name.endswith(".localhost")


def _headers_of(mail: EmailMessage) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in mail.items()]


def _with_links(text: str) -> Markup:
    link = Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>')
    pieces = re.split(r"(https?://[^\s<>\"]+)", text)
    return Markup("").join(link.format(piece) if at % 2 else escape(piece) for at, piece in enumerate(pieces))


def _page(template: str, *, status: HTTPStatus = HTTPStatus.OK, **context: object) -> Page:
    content = _environment().get_template(template).render(**context).encode()
    return _sent(content, kind="text/html; charset=utf-8", policy=page_policy, status=status)


def _sent(content: bytes, *, kind: str, policy: str = "default-src 'none'", status: HTTPStatus = HTTPStatus.OK) -> Page:
    headers = shared_headers | {"Content-Type": kind, "Content-Security-Policy": policy}
    return Page(status=status, headers=headers, content=content)


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
