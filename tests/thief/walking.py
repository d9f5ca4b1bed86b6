"""Somebody who uses the pages without a browser, over real HTTP, and keeps every answer that is no success."""

import http.client
import json
import re
from dataclasses import dataclass, field
from html import unescape
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tests.journeys.product import Product, acme
from tests.patience import hang_seconds


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    content: bytes
    redirect: str = ""  # as htmx is told

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def field(self, name: str) -> str:
        """The value of a hidden field of the page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, f"{name} is not in this page: {self.text[:2000]}"
        return unescape(found[1])


@dataclass
class Walker:
    """One browser's cookies, and everything it was refused."""

    product: Product
    network: str
    cookies: dict[str, str] = field(default_factory=dict)
    refused: list[bytes] = field(default_factory=list)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", {})

    def post(self, path: str, fields: dict[str, str], **more: str) -> Answer:
        body = urlencode(fields | {"csrfmiddlewaretoken": self._token()}).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **more})

    def post_json(self, path: str, fields: dict[str, Any]) -> Answer:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": self._token()}
        return self._ask("POST", path, json.dumps(fields).encode(), headers)

    def post_file(self, path: str, *, name: str, content: bytes) -> Answer:
        edge = uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="picture"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "X-CSRFToken": self._token()}
        return self._ask("POST", path, body, headers)

    def _token(self) -> str:
        # A cookie of this browser's own making is as good as ours: both halves come from the same place.
        return self.cookies.setdefault("__Host-letterlock-csrf", uuid4().hex)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        parts = urlsplit(path)
        connection = http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=hang_seconds)
        sent = {
            "Host": f"{acme}:{self.product.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": self.network,
            **headers,
        }
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, sent)
        response = connection.getresponse()
        answer = Answer(
            response.status,
            response.headers.get("Location", ""),
            response.read(),
            response.headers.get("HX-Redirect", ""),
        )
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        if answer.status >= HTTPStatus.BAD_REQUEST:
            self.refused.append(answer.content)
        return answer
