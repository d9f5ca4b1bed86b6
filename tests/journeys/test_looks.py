"""Every page as it is seen and heard: axe finds nothing, nothing runs over the edge, and pictures are taken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.journeys.keys import faults
from tests.journeys.pictures import take
from tests.journeys.product import Person, Product, acme
from tests.journeys.visitors import Visitor, Visitors, desk, phone
from tests.once import only_once

pytestmark = only_once

axe = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
# A desk's window of 1280 by 1024 px, magnified four times (WCAG 1.4.10); before it, a small phone.
magnified: ViewportSize = {"width": 320, "height": 256}
narrow: list[ViewportSize] = [{"width": 320, "height": 640}, magnified]
# Where leaving a field would change what comes next.
not_walked = {"completion", "writing-with-a-mistake"}
# Everything but the frame: what stands in a letter is somebody's writing, and its document allows no scripts.
run_axe = """async (rules) => {
  const only = rules.length ? {runOnly: {type: "rule", values: rules}} : {};
  const found = await axe.run({exclude: [["iframe"]]}, {resultTypes: ["violations"], ...only});
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
}"""
# The dark scheme changes colours and nothing else (tokens.css), so only what speaks of colours is asked twice.
rules_in = {"light": [], "dark": ["color-contrast", "link-in-text-block"]}
overflow = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Scene:
    """What there is to look at: who, and which letters."""

    writer: Person
    reader: Person
    guest: Person
    letter: str
    recalled: str
    invitation: str
    set_up: str


@pytest.fixture(scope="module")
def scene(product: Product) -> Scene:
    writer = product.member(Person("Nora Lindqvist", "nora.looks@acme.example"))
    reader = product.member(Person("Tomás Ortega", "tomas.looks@acme.example"))
    guest = product.member(Person("Sofia Brandt", "sofia.looks@client.example"), status="guest")

    def send(subject: str, html: str, *to: str, by: Person = writer) -> str:
        message: str = product.ask("send", host=acme, by=by.address, to=list(to), subject=subject, html=html)
        return message

    for subject in ("Signed lease, floor plans and keys", "Board papers, third quarter", "Questions before Thursday"):
        send(subject, "<p>Dear Tomás,</p>", reader.address)
    letter = send(
        "Hartmann estate: draft distribution",
        "<p>Dear Tomás,</p><p>the draft distribution is below. Three points still need your eye: the valuation date "
        "for the Lisbon flat, the loan to the younger daughter, and whether the collection is household goods.</p>"
        "<table><tr><th>Asset</th><th>Value</th></tr><tr><td>Flat in Lisbon</td><td>412,000 €</td></tr></table>"
        "<p>With kind regards<br>Nora</p>",
        reader.address,
        guest.address,
    )
    recalled = send("Account statements January to October", "<p>x</p>", reader.address)
    reason = "Wrong attachment, a corrected one follows."
    product.ask("recall", host=acme, by=writer.address, message=recalled, reason=reason)
    stranger = "m.adler.looks@adler-notare.example"
    send("Power of attorney", "<p>x</p>", stranger)
    return Scene(
        writer=writer,
        reader=reader,
        guest=guest,
        letter=letter,
        recalled=recalled,
        invitation=product.mailroom.invitation_for(stranger).link,
        set_up=product.ask("link", host=acme, address="olga.looks@acme.example", name="Olga New"),
    )


def _outside(scene: Scene, visitor: Visitor) -> Iterator[str]:
    """The pages of people who are not signed in."""
    for name, path in [("sign-in", "/sign-in/"), ("reset", "/password/reset/"), ("nothing", "/no/such/page/")]:
        visitor.go(path)
        yield name
    visitor.go("/sign-in/")
    visitor.page.get_by_role("button", name="Sign in").click()
    expect(visitor.page.get_by_text("Please enter your password.")).to_be_visible()
    yield "sign-in-refused"
    visitor.go("/password/reset/")
    visitor.page.get_by_label("E-mail address").fill(scene.reader.address)
    visitor.page.get_by_role("button", name="Send me a code").click()
    expect(visitor.page.get_by_label("Code from the mail")).to_be_visible()
    yield "reset-code"
    for name, path in [("invitation", scene.invitation), ("set-up", scene.set_up)]:
        visitor.go(path)
        yield name
    visitor.go(scene.invitation)
    visitor.page.get_by_role("button", name="Send me a code").click()
    expect(visitor.page.get_by_text("Please agree to the terms to register.")).to_be_visible()
    yield "invitation-refused"


def _reader(scene: Scene, visitor: Visitor) -> Iterator[str]:
    """The pages of somebody who receives."""
    visitor.arrive_as(scene.reader)
    yield "inbox"
    visitor.open_letter(f"/messages/{scene.letter}/")
    expect(visitor.slip.get_by_text("Message Details")).to_be_attached()
    yield "letter"
    if visitor.page.viewport_size == phone:
        visitor.page.locator(".slip-handle").click()
        yield "letter-slip"
    visitor.go(f"/messages/{scene.recalled}/")
    expect(visitor.page.get_by_text("This message was recalled by the sender")).to_be_visible()
    yield "recalled-letter"
    for folder in ("drafts", "sent", "archive", "trash"):
        visitor.go(f"/folders/{folder}/")
        yield f"empty-{folder}"
    visitor.go("/account/")
    yield "account"
    visitor.go(scene.invitation)
    expect(visitor.page.get_by_role("heading", name="You are signed in as somebody else")).to_be_visible()
    yield "invitation-of-another"


def _writer(scene: Scene, visitor: Visitor) -> Iterator[str]:
    """The pages of somebody who sends."""
    visitor.arrive_as(scene.writer)
    visitor.open_letter(f"/messages/{scene.letter}/")
    expect(visitor.slip.get_by_text("Message Details")).to_be_attached()
    yield "sent-letter"
    visitor.page.get_by_role("button", name="Recall…").click()
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    yield "recall-dialog"
    visitor.go(f"/messages/{scene.letter}/history/")
    yield "history"
    visitor.go("/folders/sent/")
    yield "sent"
    is_phone = visitor.page.viewport_size != desk
    visitor.page.get_by_role("button", name="Write" if is_phone else "New message", exact=True).click()
    expect(visitor.page.get_by_role("toolbar", name="Format")).to_be_visible()
    yield "writing"
    visitor.page.get_by_role("combobox", name="To", exact=True).press_sequentially("Tom")
    expect(visitor.page.get_by_role("option", name="Tomás")).to_be_visible()
    yield "completion"
    visitor.page.keyboard.press("ArrowDown")
    visitor.page.keyboard.press("Enter")
    people = "not an address, m.new@adler-notare.example"
    visitor.write(to=people, subject="Power of attorney for Thursday", text="Dear Ms Adler,")
    expect(visitor.page.locator("#to-problems li")).to_have_count(1)
    yield "writing-with-a-mistake"
    visitor.page.get_by_role("button", name="Remove not an address").click()
    visitor.send()
    expect(visitor.page.get_by_role("dialog", name="New user detected")).to_be_visible()
    yield "new-user-dialog"


def _guest(scene: Scene, visitor: Visitor) -> Iterator[str]:
    """What a Guest sees differently."""
    visitor.arrive_as(scene.guest)
    yield "guest-inbox"
    visitor.open_letter(f"/messages/{scene.letter}/")
    visitor.page.get_by_role("button", name="Reply", exact=True).click()
    expect(visitor.page.get_by_role("toolbar", name="Format")).to_be_visible()
    yield "guest-reply"


walks = {"outside": _outside, "reader": _reader, "writer": _writer, "guest": _guest}


@pytest.mark.parametrize("size", [desk, phone], ids=["desk", "phone"])
@pytest.mark.parametrize("walk", walks.values(), ids=walks)
def test_axe_finds_nothing_on_any_page(
    scene: Scene, visitors: Visitors, walk: Callable[[Scene, Visitor], Iterator[str]], size: dict[str, int]
) -> None:
    # The strict policy would refuse the checker itself; here, and only here, the browser is told to look away.
    visitor = visitors.come(on=size, bypass_csp=True)
    found: dict[str, Any] = {}
    for name in walk(scene, visitor):
        visitor.page.add_script_tag(path=axe)
        for scheme, rules in rules_in.items():
            visitor.page.emulate_media(color_scheme=scheme)
            found[f"{name} {scheme}"] = visitor.page.evaluate(run_axe, rules)
        take(visitor, name)
    assert {where: what for where, what in found.items() if what} == {}
    assert found


@pytest.mark.parametrize("walk", walks.values(), ids=walks)
def test_on_a_page_magnified_four_times_nothing_runs_over_the_edge_and_what_the_keys_reach_is_seen(
    scene: Scene, visitors: Visitors, walk: Callable[[Scene, Visitor], Iterator[str]]
) -> None:
    visitor = visitors.come(on=magnified)
    wrong: dict[str, list[str]] = {}
    for name in walk(scene, visitor):
        wrong[name] = [f"{size['height']} px high: {wide} px over" for size in narrow if (wide := _over(visitor, size))]
        wrong[name] += [] if name in not_walked else faults(visitor)
    assert {where: what for where, what in wrong.items() if what} == {}
    assert wrong


def _over(visitor: Visitor, size: ViewportSize) -> int:
    """How far the page runs over the edge of a screen of this size; the last size is the one it stays at."""
    visitor.page.set_viewport_size(size)
    width: int = visitor.page.evaluate(overflow)
    return width
