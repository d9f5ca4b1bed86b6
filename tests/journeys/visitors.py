"""People at their browsers: what a journey does is said in their words."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.journeys.product import Person, Product, acme
from tests.patience import page_seconds

expect.set_options(timeout=page_seconds * 1000)
desk = {"width": 1440, "height": 900}
phone = {"width": 390, "height": 844}
most_tab_stops = 60
_networks = itertools.count(1)


@dataclass
class Visitor:
    """One browser with one page, on one platform."""

    context: BrowserContext
    page: Page
    product: Product
    host: str = acme
    broken: list[str] = field(default_factory=list)

    def go(self, path: str = "/") -> None:
        self.page.goto(path if path.startswith("http") else self.product.url(path, host=self.host))

    def sign_in(self, person: Person) -> "Visitor":
        self.host = person.host
        self.go("/sign-in/")
        self.page.get_by_label("E-mail address").fill(person.address)
        self.page.get_by_label("Password", exact=True).fill(person.password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page).to_have_url(self.product.url("/folders/inbox/", host=person.host))
        return self

    def arrive_as(self, person: Person) -> "Visitor":
        """With a session that was begun before: where signing in is the point, `sign_in` does it by the page."""
        self.host = person.host
        key = self.product.ask("session", host=person.host, address=person.address)
        self.context.add_cookies(
            [
                {
                    "name": settings.COOKIE,
                    "value": key,
                    "domain": person.host,
                    "path": "/",
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )
        self.go("/folders/inbox/")
        return self

    def open_letter(self, path: str) -> None:
        self.go(path)
        expect(self.letter.locator("body[data-state=open]")).to_be_visible()

    def new_message(self) -> None:
        self.page.get_by_role("button", name="New message").click()
        expect(self.page.get_by_role("heading", name="New message")).to_be_visible()

    def write(self, *, to: str = "", subject: str = "", text: str = "") -> None:
        """Fill in a letter that is open for writing."""
        if to:
            self.page.get_by_role("combobox", name="To", exact=True).fill(to)
            self.page.keyboard.press("Enter")
        if subject:
            self.page.get_by_label("Subject").fill(subject)
        if text:
            # Before the editor stands, "Message" is the text area that it replaces.
            expect(self.page.locator("letter-editor[data-mode]")).to_be_attached()
            self.page.get_by_role("textbox", name="Message").click()
            self.page.keyboard.type(text)

    def send(self) -> None:
        self.page.get_by_role("button", name="Send Secure").click()

    def tab_to(self, target: Locator) -> None:
        """Press Tab until it is there; whoever cannot reach it by keys fails."""
        expect(target).to_be_visible()
        for _ in range(most_tab_stops):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached by the Tab key.")

    def press(self, target: Locator, *, key: str = "Enter") -> None:
        """Go there by keys, and press one."""
        self.tab_to(target)
        self.page.keyboard.press(key)

    def type_into(self, target: Locator, text: str) -> None:
        self.tab_to(target)
        self.page.keyboard.type(text)

    def stamp_of(self, name: str) -> Locator:
        """The stamp of somebody on the open message's slip."""
        return self.slip.locator(".person").filter(has_text=name).locator(".stamp")

    @property
    def letter(self) -> Any:
        return self.page.frame_locator("letter-opener > iframe")

    @property
    def slip(self) -> Locator:
        return self.page.locator(".slip")


class Visitors:
    """Lets people in, and looks at their consoles when they leave."""

    def __init__(self, browser: Browser, product: Product) -> None:
        self._browser = browser
        self._product = product
        self._inside: list[Visitor] = []

    def come(self, *, host: str = acme, on: dict[str, int] = desk, **options: Any) -> Visitor:
        """Somebody with a fresh browser; every browser is in a network of its own."""
        number = next(_networks)
        headers = {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}"}
        given = {
            "viewport": on,
            "locale": "en-US",
            "timezone_id": "Europe/Berlin",
            "reduced_motion": "reduce",
            **options,
        }
        context = self._browser.new_context(extra_http_headers=headers, **given)
        context.set_default_timeout(page_seconds * 1000)
        visitor = Visitor(context, context.new_page(), self._product, host)
        visitor.page.on("console", lambda said: _listen(visitor, said))
        visitor.page.on("pageerror", lambda error: visitor.broken.append(str(error)))
        self._inside.append(visitor)
        return visitor

    def come_as(self, person: Person, **options: Any) -> Visitor:
        return self.come(host=person.host, **options).arrive_as(person)

    def close(self) -> None:
        for visitor in self._inside:
            visitor.context.close()

    def leave(self) -> None:
        self.close()
        broken = [line for visitor in self._inside for line in visitor.broken]
        assert broken == [], broken


def _listen(visitor: Visitor, said: ConsoleMessage) -> None:
    """Only what breaks a rule of the page counts: a refused form is an answer, which browsers call an error."""
    if "Content Security Policy" in said.text or "Content-Security-Policy" in said.text:
        visitor.broken.append(said.text)
