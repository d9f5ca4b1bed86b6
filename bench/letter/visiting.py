"""A browser of the run: one signed-in person over one kept-open connection, with session cookie and CSRF token.

Every method is one request that the pages themselves make, and raises unless the answer is the one a person would want.
"""

import json
import re
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode
from uuid import uuid4

from bench.letter import names
from bench.letter.stores import Store

token_form = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
quiet_seconds = 3.0


class UnexpectedAnswerError(Exception):
    """An answer that no person would want: what was measured is not what it is called."""


class Visitor:
    """One browser."""

    def __init__(self, store: Store, *, address: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", store.port, timeout=60)
        self._host = f"{names.host}:{store.port}"
        self._cookies: dict[str, str] = {}
        self._token = ""
        self._spoken_at = time.monotonic()
        self._sign_in(address)

    # ── what is measured ──────────────────────────────────────────────────────

    def look(self, folder: str = "inbox") -> bytes:
        """The whole page of a folder."""
        return self._ask("GET", f"/folders/{folder}/", expected=200)

    def ask_for_changes(self) -> bytes:
        """What an open page asks every five seconds; mostly nothing is new, as here."""
        return self._ask("GET", "/changes/?since=0", expected=204)

    def read(self, message: str) -> bytes:
        """Open a letter: the answer is its document, and the opening is recorded."""
        form = {"view": "letter"}
        document = self._ask("POST", f"/messages/{message}/openings/", form=form, expected=200)
        if b"numbers of the quarter" not in document:
            raise UnexpectedAnswerError("An opened letter without its words.")
        return document

    def send(self, draft: tuple[str, int]) -> str:
        """Press "Send Secure" as the page does, which has saved before; the message's id."""
        form = {"idempotency_key": str(uuid4()), "version": str(draft[1])}
        self._ask("POST", f"/drafts/{draft[0]}/sending/", form=form, headers={"HX-Request": "true"}, expected=200)
        return self._id_in(self._answer.getheader("HX-Redirect", ""))

    def recall(self, message: str) -> bytes:
        """Take a letter back; when the answer is there its keys are destroyed."""
        form = {"reason": "A mistake in the numbers."}
        return self._ask("POST", f"/messages/{message}/recall/", form=form, expected=302)

    def write(self, *, to: str) -> tuple[str, int]:
        """A draft begun and saved, as the compose page does: its id and version."""
        self._ask("POST", "/drafts/", form={}, expected=302)
        draft = self._id_in(self._answer.getheader("Location", ""))
        letter = {
            "version": 1,
            "to": to,
            "subject": "Figures",
            "html": "<p>The numbers of the quarter are in.</p>" * 10,
        }
        saved = self._ask("POST", f"/drafts/{draft}/", data=letter, expected=200)
        return draft, json.loads(saved)["version"]

    # ── speaking HTTP ─────────────────────────────────────────────────────────

    def _sign_in(self, address: str) -> None:
        page = self._ask("GET", "/sign-in/", expected=200)
        form = {"address": address, "password": names.sign_in_words, "csrfmiddlewaretoken": self._token_in(page)}
        self._ask("POST", "/sign-in/", form=form, expected=302)
        self._token = self._token_in(self.look())

    def _ask(
        self,
        method: str,
        path: str,
        *,
        expected: int,
        form: Mapping[str, str] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        head = {"Host": self._host, "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if form is not None:
            body, head["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
        if data is not None:
            body, head["Content-Type"], head["Accept"] = json.dumps(data), "application/json", "application/json"
        self._freshen()
        self._connection.request(method, path, body=body, headers=head | {"X-CSRFToken": self._token} | (headers or {}))
        self._answer: HTTPResponse = self._connection.getresponse()
        content = self._answer.read()
        self._keep_cookies()
        if self._answer.status != expected:
            came = f"{self._answer.status} instead of {expected}"
            raise UnexpectedAnswerError(f"{method} {path}: {came}.\n{content[-2000:]!r}")
        return content

    def _freshen(self) -> None:
        """A server hangs up on a connection that was quiet for a while; a browser would connect anew as well."""
        if time.monotonic() - self._spoken_at > quiet_seconds:
            self._connection.close()
        self._spoken_at = time.monotonic()

    def _keep_cookies(self) -> None:
        for line in self._answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value

    @staticmethod
    def _token_in(page: bytes) -> str:
        found = token_form.search(page.decode())
        if found is None:
            raise UnexpectedAnswerError("A page without a token for its forms.")
        return found[1]

    @staticmethod
    def _id_in(address: str) -> str:
        return address.rstrip("/").rpartition("/")[2]
