"""Somebody at a browser without scripts: cookies, forms and their tokens, over a real connection."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from typing import Self
from urllib.parse import urlencode, urlsplit

from tests.patience import hang_seconds

field_form = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class UnansweredError(Exception):
    """The connection broke before an answer came: nobody knows what was done."""


@dataclass(frozen=True)
class Answer:
    """What the person got to see."""

    status: int
    text: str
    way: str
    waits: str

    @property
    def fields(self) -> dict[str, str]:
        """What the page's forms carry along unseen; of several with one name, the first."""
        return {name: unescape(value) for name, value in reversed(field_form.findall(self.text))}

    @property
    def is_good(self) -> bool:
        return self.status < 400


@dataclass
class Visitor:
    """One browser on one platform."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    seen: list[Answer] = field(default_factory=list)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, page: Answer, **typed: str) -> Answer:
        """Send a form of this page, with what was typed; follows nothing."""
        token = page.fields.get("csrfmiddlewaretoken", "")
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": token, **typed}))

    def sign_in(self, address: str, password: str) -> Self:
        page = self.get("/sign-in/")
        answer = self.post("/sign-in/", page, address=address, password=password)
        assert answer.status == 302, answer.text
        return self

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=hang_seconds)
        try:
            connection.request(method, path, body, self._headers(body))
            said = connection.getresponse()
            text = said.read().decode()
        except (OSError, HTTPException) as broken:
            raise UnansweredError from broken
        finally:
            connection.close()
        for line in said.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        way = urlsplit(said.headers.get("Location", ""))._replace(scheme="", netloc="").geturl()
        self.seen.append(Answer(said.status, text, way, said.headers.get("Retry-After", "")))
        return self.seen[-1]

    def _headers(self, body: str | None) -> Mapping[str, str]:
        headers = {"Host": f"{self.host}:{self.port}", "User-Agent": "Mozilla/5.0 Firefox/130.0"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return headers
