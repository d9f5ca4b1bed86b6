"""Every string as subject, reason, name and address: shown as it was given, or refused with nothing lost."""

import unicodedata
from collections.abc import Sequence

from playwright.sync_api import Page, expect

from tests.journeys.hostile.corpora import strings
from tests.journeys.hostile.watching import Trap, Watch
from tests.journeys.product import Person, Product, acme
from tests.journeys.visitors import Visitor, Visitors
from tests.once import only_once

nobody = "(no subject)"
turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
rows = """() => [...document.querySelectorAll("#rows .row")].map((row) =>
  [row.id.slice(4), row.querySelector(".row__subject").textContent])"""
# Each row is clicked: what then stands in the heading and in the notice.
read_each = """async (ids) => {
  const until = async (look) => {
    while (!look()) await new Promise((resolve) => { requestAnimationFrame(resolve); });
    return look();
  };
  const shown = {};
  for (const id of ids) {
    (await until(() => document.querySelector(`#row-${id}`))).click();
    const reading = await until(() => document.querySelector(`#reading[data-message="${id}"]`));
    shown[id] = [reading.querySelector("h1").textContent, reading.querySelector(".notice blockquote").textContent];
  }
  return shown;
}"""
people = """() => [...document.querySelectorAll(".slip .person")].map((one) =>
  [one.querySelector(".person__name").textContent, [...one.querySelectorAll("dd")].at(-1).textContent])"""


@only_once
def test_every_string_is_a_subject_and_a_reason(product: Product, readers: Visitors, trap: Trap) -> None:
    writer = product.member(Person("Sabine Subject", "sabine.hostile@acme.example"))
    letters = [{"subject": one, "html": "<p>x</p>"} for one in strings()]
    answers = product.ask("send_each", host=acme, by=writer.address, letters=letters)
    too_long = [one for one in strings() if len(_tidied(one)) > 255]
    assert [answer for answer in answers if "refused" in answer] == [
        {"refused": "The subject is longer than 255 characters. This change was not saved; please shorten it."}
        for _one in too_long
    ]
    sent = {answer["id"]: one for answer, one in zip(answers, strings(), strict=True) if "id" in answer}
    reasons = dict(zip(sent, _reasons(), strict=False))
    assert product.ask("recall_each", host=acme, by=writer.address, reasons=reasons) == {}
    reader = readers.come_as(writer)
    watch = Watch(acme).begin(reader.context)
    assert _subjects(reader) == {one: _tidied(text) or nobody for one, text in sent.items()}
    shown = reader.page.evaluate(read_each, list(reasons))
    for one, reason in reasons.items():
        expected = _as_html_has_it(reason.replace("\x00", "").strip() or "The sender gave no reason.")
        assert shown[one] == [_tidied(sent[one]) or nobody, expected], repr(reason)
    _demand_peace(reader.page, watch, trap)


def test_every_string_is_a_name_and_an_address(product: Product, readers: Visitors, trap: Trap) -> None:
    """All of them on one slip: those that are no name or no address stand there with one of ours."""
    writer = product.member(Person("Nadja Name", "nadja.hostile@acme.example"))
    named = product.ask("read_names", typed=strings())
    located = product.ask("read_addresses", typed=[_quoted(one) for one in strings()])
    crowd = [
        {"name": name or f"Person {number}", "address": f"p{number}@crowd.example" if address is None else address}
        for number, (name, address) in enumerate(zip(named, located, strict=True))
    ]
    assert sum(name is not None for name in named) > 20
    assert sum(address is not None for address in located) > 20
    wanted = list({one["address"].casefold(): one for one in crowd}.values())[:400]
    answer = product.ask("send_to_crowd", host=acme, by=writer.address, subject="To all", people=wanted)
    reader = readers.come_as(writer)
    watch = Watch(acme).begin(reader.context)
    reader.open_letter(f"/messages/{answer['id']}/")
    expect(reader.slip.locator(".person")).to_have_count(len(wanted))
    assert reader.page.evaluate(people) == [[one["name"], one["address"]] for one in wanted]
    _demand_peace(reader.page, watch, trap)


def _subjects(reader: Visitor) -> dict[str, str]:
    """Every subject of the folder Sent, as its rows show them, page after page."""
    reader.go("/folders/sent/")
    older = reader.page.locator("#older a")
    while older.count():
        shown = reader.page.locator("#rows .row").count()
        older.click()
        expect(reader.page.locator("#rows .row").nth(shown)).to_be_attached()
    found: Sequence[tuple[str, str]] = reader.page.evaluate(rows)
    return dict(found)


def _reasons() -> list[str]:
    """Every string in a reason: those that nobody sees by themselves, the others many to one, a line each."""
    alone = [one for one in strings() if not _tidied(one)]
    packs = [""]
    for one in strings():
        if len(packs[-1]) + len(one) > 900:
            packs.append("")
        packs[-1] += one + "\n"
    return alone + packs


def _tidied(text: str) -> str:
    """The same line without what nobody sees: controls, and marks that would turn the words after them."""
    spaced = "".join(" " if sign in "\t\n\r\v\f\x85\u2028\u2029" else sign for sign in text)
    return " ".join("".join(s for s in spaced if unicodedata.category(s) != "Cc" and s not in turning).split())


def _as_html_has_it(text: str) -> str:
    """A document has one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"@crowd.example'


def _demand_peace(page: Page, watch: Watch, trap: Trap) -> None:
    assert watch.hear(page) == []
    assert watch.deeds == []
    assert trap.strangers() == []
