"""Every vector as a letter, in the frame in which letters are read."""

from collections.abc import Callable, Sequence
from typing import Any

from playwright.sync_api import Page, Route

from letterlock.domain.mailbox import cleaning
from letterlock.doors.frame import walls
from tests.journeys.hostile.corpora import Vector, own_vectors, vectors
from tests.journeys.hostile.watching import Trap, Watch
from tests.journeys.product import Person, Product, acme
from tests.journeys.visitors import Visitor, Visitors
from tests.once import only_once

pytestmark = only_once

at_once = 40
tallest_letter = 200_000
blank = "<!doctype html><title>Uncleaned</title>"
skeleton = ["meta", "meta", "base", "title", "style"]

# The page's own island, once for each letter: the same frame, the same form, the same answer to the same POST.
make_shelf = """() => {
  const shelf = Object.assign(document.createElement("section"), { id: "shelf" });
  const pattern = document.querySelector("letter-opener").cloneNode(true);
  pattern.querySelector(":scope > iframe")?.remove();
  pattern.removeAttribute("data-state");
  shelf.pattern = pattern.outerHTML;
  document.querySelector("slip-sheet").remove();  // it fetches the slip anew after each opening
  document.body.append(shelf);
}"""
open_letters = """([model, ids]) => {
  const shelf = document.querySelector("#shelf");
  shelf.insertAdjacentHTML("beforeend", ids.map((id) => shelf.pattern.replaceAll(model, id)).join(""));
}"""
all_open = "() => [...document.querySelectorAll('#shelf letter-opener')].every((each) => each.dataset.state)"
# What a reader might do: point at everything, focus it, press it. A link leads to another window, which is its purpose.
touch = """(frames) => document.querySelectorAll(frames).forEach((frame) => {
  for (const one of frame.contentDocument?.body?.querySelectorAll("*") ?? []) {
    one.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    one.focus?.();
    const link = one.closest("a, area");
    if (link === null || link.protocol === "javascript:") one.click?.();
  }
})"""
# What the browser has made of each letter, after whatever it repaired.
look_inside = """() => [...document.querySelectorAll("#shelf letter-opener")].map((each) => {
  const frame = each.querySelector(":scope > iframe"), inside = frame.contentDocument;
  const attributesOf = (one) => Object.fromEntries([...one.attributes].map(({ name, value }) => [name, value]));
  return {
    id: each.dataset.url.split("/")[2], state: each.dataset.state, rights: frame.getAttribute("sandbox"),
    address: inside.URL, tall: frame.offsetHeight,
    head: [...inside.head.children].map((one) => one.localName),
    elements: [...inside.body.querySelectorAll("*")].map((one) => [one.localName, attributesOf(one)]),
  };
})"""
show = """(addresses) => document.body.append(...addresses.map((address) =>
  Object.assign(document.createElement("iframe"), { className: "uncleaned", src: address })))"""
all_loaded = """() => [...document.querySelectorAll(".uncleaned")].map((each) => each.contentDocument).every((inside) =>
  inside === null || inside.URL !== "about:blank" && inside.readyState === "complete")"""


def test_no_letter_runs_loads_or_breaks_anything(product: Product, readers: Visitors, trap: Trap) -> None:
    """Last comes one letter that nobody has cleaned: by the time that it runs, the others had their time."""
    reader, sent = _with_letters(product, readers, vectors())
    watch, policies = Watch(acme).begin(reader.context), list[str]()
    reader.page.on("response", lambda told: policies.append(told.headers.get("content-security-policy", "")))
    opened = _open(reader, list(sent))
    for letter in opened:
        _demand_walls(letter, of=sent[letter["id"]])
    assert policies.count(walls.letter_policy) == len(opened) + 1 == len(sent) + 1
    reader.page.evaluate(touch, "#shelf iframe")
    _serve(reader.page, policy=None)
    reader.page.evaluate(show, _addresses(1))
    reader.page.wait_for_function("() => top.ran.length > 0")
    assert watch.hear(reader.page) == ["image"]
    assert [
        deed for deed in watch.deeds if not deed.where.endswith("/uncleaned/0") and "nowhere" not in deed.where
    ] == []
    assert trap.strangers() == []


def test_the_watchers_see_what_an_uncleaned_letter_does(product: Product, readers: Visitors, trap: Trap) -> None:
    visitor = readers.come()
    watch, firing = Watch(acme).begin(visitor.context), [one for one in own_vectors() if one.fires]
    _serve(visitor.page, policy=None)
    visitor.go("/uncleaned/")
    visitor.page.evaluate(show, _addresses(len(own_vectors())))
    visitor.page.wait_for_function(all_loaded)
    visitor.page.evaluate(touch, ".uncleaned")
    _wait(visitor.page, lambda: not _silent(firing, visitor.page, watch=watch, trap=trap))
    assert _silent(firing, visitor.page, watch=watch, trap=trap) == []


def test_the_policy_alone_holds_a_letter_that_nobody_cleaned(product: Product, readers: Visitors, trap: Trap) -> None:
    """The second wall by itself: without the cleaner and without the frame's own sandbox."""
    visitor = readers.come_as(product.member(Person("Una Unclean", "una.unclean@acme.example")))
    watch = Watch(acme).begin(visitor.context)
    visitor.go("/account/")
    _serve(visitor.page, policy=walls.letter_policy)
    visitor.page.evaluate(show, _addresses(len(vectors())))
    visitor.page.wait_for_function(all_loaded)
    visitor.page.evaluate(touch, ".uncleaned")
    assert watch.hear(visitor.page) == []
    assert [deed for deed in watch.deeds if deed.kind not in {"console", "request"}] == []
    assert trap.strangers() == []
    # What the cleaner lets through is heard all the same: each script that did not run says so on the console.
    assert len(watch.of_kind("console")) > len(vectors()) / 2


def _with_letters(product: Product, readers: Visitors, letters: Sequence[Vector]) -> tuple[Visitor, dict[str, Vector]]:
    writer = product.member(Person("Wendel Writer", "wendel.hostile@acme.example"))
    written = [{"subject": one.name, "html": one.html} for one in letters]
    answers = product.ask("send_each", host=acme, by=writer.address, letters=written)
    assert [one for one in answers if "id" not in one] == []
    return readers.come_as(writer), dict(zip((one["id"] for one in answers), letters, strict=True))


def _open(reader: Visitor, ids: Sequence[str]) -> list[dict[str, Any]]:
    reader.open_letter(f"/messages/{ids[0]}/")
    reader.page.evaluate(make_shelf)
    for start in range(0, len(ids), at_once):
        reader.page.evaluate(open_letters, [ids[0], ids[start : start + at_once]])
        reader.page.wait_for_function(all_open)
    letters: list[dict[str, Any]] = reader.page.evaluate(look_inside)
    return letters


def _demand_walls(letter: dict[str, Any], *, of: Vector) -> None:
    assert (letter["state"], letter["rights"]) == ("open", walls.letter_rights), of
    assert letter["address"].endswith(f"/messages/{letter['id']}/openings/"), of
    assert letter["head"] == skeleton, of
    assert letter["tall"] <= tallest_letter, of
    for name, attributes in letter["elements"]:
        assert name in cleaning.tags, (of, name)
        ours = {"target", "rel"} if name == "a" else set()
        assert set(attributes) <= cleaning.attributes["*"] | cleaning.attributes.get(name, set()) | ours, (of, name)


def _serve(page: Page, *, policy: str | None) -> None:
    """`/uncleaned/NUMBER` answers that vector as it is; under the address of the product, by nobody but this test."""
    headers = {"Content-Type": "text/html; charset=utf-8"} | ({"Content-Security-Policy": policy} if policy else {})

    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name and not name.isdecimal():
            route.fulfill(status=404)
        else:
            route.fulfill(body=vectors()[int(name)].html if name else blank, headers=headers)

    page.route("**/uncleaned/*", answer)


def _addresses(count: int) -> list[str]:
    return [f"/uncleaned/{number}" for number in range(count)]


def _silent(firing: Sequence[Vector], page: Page, *, watch: Watch, trap: Trap) -> list[str]:
    """Those of which no watcher has seen what they do."""
    ran = watch.hear(page)
    seen = {
        *(f"{kind} {word}" for word in ran for kind in ("ran", "touched")),
        *(f"dialog {deed.words}" for deed in watch.of_kind("dialog")),
        *(f"asked {address}" for address in trap.strangers()),
    }
    return [one.name for one in firing if one.fires not in seen]


def _wait(page: Page, until: Callable[[], bool]) -> None:
    """Give the browser its turns until it is so, ten seconds at most; what is not so by then the caller says."""
    for _turn in range(200):
        if until():
            return
        page.wait_for_timeout(50)  # the watchers are called while the page has its turn
