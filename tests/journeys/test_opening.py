"""Who has opened what, how often, and who is told (claims 2, 11, 12, 20, 21, 27, 67 to 71)."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.product import Person, Product, acme
from tests.journeys.visitors import Visitor, Visitors, phone
from tests.once import only_once


def _sent(product: Product, tag: str, *, to: int = 1) -> tuple[Person, list[Person], str]:
    """A letter from a Professional to some people: who, whom, and its id."""
    sender = product.member(Person("Sena Sender", f"sena.{tag}@acme.example"))
    readers = [product.member(Person(f"Rea{n} Reader", f"rea{n}.{tag}@acme.example")) for n in range(1, to + 1)]
    addresses = [reader.address for reader in readers]
    message = product.ask(
        "send", host=acme, by=sender.address, to=addresses, subject=f"About {tag}", html="<p>Words</p>"
    )
    return sender, readers, message


def _retrieved(product: Product, message: str) -> int:
    count: int = product.ask("entries", event="mailbox.message.retrieved", message=message)
    return count


def _access_mails(product: Product, person: Person) -> list[str]:
    return [letter.subject for letter in product.mailroom.to(person.address) if "retrieved your" in letter.subject]


def test_three_openings_are_three_entries_and_one_notice(product: Product, visitors: Visitors) -> None:
    sender, [reader], message = _sent(product, "three")
    watching = visitors.come_as(sender)
    watching.open_letter(f"/messages/{message}/")
    on_desk, on_phone = visitors.come_as(reader), visitors.come_as(reader, on=phone)
    for visitor in (on_desk, on_phone, on_desk):
        visitor.open_letter(f"/messages/{message}/")
    expect(watching.slip).to_contain_text("3 times in all")
    expect(watching.page.locator("#notices-count")).to_have_text("1")
    product.mailroom.wait_for(sender.address, lambda letter: "retrieved your" in letter.subject)
    assert _retrieved(product, message) == 4  # the sender's own reading is recorded as well
    assert len(_access_mails(product, sender)) == 1
    watching.page.get_by_role("link", name="Full history").click()
    history = watching.page.get_by_role("dialog", name="Full history")
    expect(history.get_by_role("row").filter(has_text=re.compile("etrieved.*Rea1 Reader", re.DOTALL))).to_have_count(3)


def test_each_person_is_told_of_once_and_fellow_recipients_in_the_page_only(
    product: Product, visitors: Visitors
) -> None:
    sender, [first, second], message = _sent(product, "two", to=2)
    watching, fellow = visitors.come_as(sender), visitors.come_as(second)
    visitors.come_as(first).open_letter(f"/messages/{message}/")
    expect(watching.page.locator("#notices-count")).to_have_text("1")
    expect(fellow.page.locator("#notices-count")).to_have_text("1")
    fellow.open_letter(f"/messages/{message}/")
    expect(watching.page.locator("#notices-count")).to_have_text("2")
    product.mailroom.wait_for(sender.address, lambda letter: "Rea2" in letter.subject)
    assert len(_access_mails(product, sender)) == 2
    assert _access_mails(product, first) == _access_mails(product, second) == []


def test_with_tracking_off_nobody_is_told_and_the_slip_says_so(product: Product, visitors: Visitors) -> None:
    sender = product.member(Person("Sena Sender", "sena.off@acme.example"))
    reader = product.member(Person("Rea Reader", "rea.off@acme.example"))
    writing = visitors.come_as(sender)
    writing.new_message()
    writing.slip.get_by_role("switch", name="Enable tracking").uncheck()
    writing.write(to=reader.address, subject="Untracked", text="Words")
    writing.send()
    expect(writing.page.get_by_role("heading", name="Untracked")).to_be_visible()
    reading = visitors.come_as(reader)
    reading.open_letter(writing.page.url)
    expect(reading.slip).to_contain_text("Tracking is disabled. The platform's audit record is kept all the same.")
    reading.page.get_by_role("button", name="Reply", exact=True).click()
    reading.write(text="An answer, so that the sender's page has news")
    reading.send()
    expect(writing.page.locator(".folders .count--news")).to_have_text(re.compile("1"))
    expect(writing.slip).to_contain_text("Tracking is disabled.")
    expect(writing.page.locator("#notices-count")).to_be_hidden()
    message = writing.page.url.rstrip("/").rsplit("/", 1)[1]
    assert _retrieved(product, message) >= 2
    assert _access_mails(product, sender) == []


def test_on_request_the_slip_comes_first_and_counts_as_reviewed(product: Product, visitors: Visitors) -> None:
    sender, [reader], message = _sent(product, "request")
    visitor = visitors.come_as(reader)
    visitor.go("/account/")
    visitor.page.get_by_label("Show the Delivery Slip first").check()
    visitor.page.get_by_role("button", name="Save the preferences").click()
    expect(visitor.page.get_by_text("Your preferences are saved.")).to_be_visible()
    watching = visitors.come_as(sender)
    watching.open_letter(f"/messages/{message}/")
    visitor.go(f"/messages/{message}/")
    expect(watching.stamp_of("Rea1 Reader")).to_have_text("Reviewed")
    visitor.page.get_by_role("button", name="Retrieve").click()
    expect(visitor.letter.get_by_text("Words")).to_be_visible()
    expect(watching.stamp_of("Rea1 Reader")).to_have_text("Retrieved")


@pytest.mark.parametrize(("button", "folder"), [("Archive", "archive"), ("Trash", "trash")])
def test_a_message_put_away_is_found_where_it_was_put(
    product: Product, visitors: Visitors, button: str, folder: str
) -> None:
    _sender, [reader], message = _sent(product, f"away{folder}")
    visitor = visitors.come_as(reader)
    visitor.open_letter(f"/messages/{message}/")
    visitor.page.get_by_role("button", name=button, exact=True).click()
    row = visitor.page.get_by_role("link", name=re.compile(f"About away{folder}"))
    expect(row).to_have_count(0)
    visitor.go(f"/folders/{folder}/")
    expect(row).to_be_visible()


@only_once
@pytest.mark.parametrize("status", ["professional", "guest", "administrator"])
def test_the_status_stands_beside_the_name_on_every_page(product: Product, visitors: Visitors, status: str) -> None:
    person = product.member(Person("Stella Status", f"stella.{status}@acme.example"), status=status)
    visitor = visitors.come_as(person)
    for path in ("/folders/inbox/", "/folders/sent/", "/folders/drafts/", "/account/"):
        visitor.go(path)
        bar = visitor.page.get_by_role("banner")
        expect(bar.locator(".account__who")).to_have_text(re.compile(rf"Stella Status\s*{status.capitalize()}"))
        expect(bar).to_contain_text("Acme Legal")


def test_a_blind_copy_is_seen_by_the_sender_and_by_oneself_only(product: Product, visitors: Visitors) -> None:
    sender = product.member(Person("Sena Sender", "sena.blind@acme.example"))
    openly = product.member(Person("Otto Open", "otto.blind@acme.example"))
    blind = product.member(Person("Bea Blind", "bea.blind@acme.example"))
    message = product.ask(
        "send",
        host=acme,
        by=sender.address,
        to=[openly.address],
        bcc=[blind.address],
        subject="Quietly",
        html="<p>x</p>",
    )
    there: dict[str, Visitor] = {}
    for person in (blind, openly, sender):
        there[person.name] = visitors.come_as(person)
        there[person.name].open_letter(f"/messages/{message}/")
        expect(there[person.name].slip).to_contain_text("Message Details")
    assert "Bea" not in there["Otto Open"].page.content()
    expect(there["Sena Sender"].slip).to_contain_text("Bea Blind")
    expect(there["Bea Blind"].slip).to_contain_text("Otto Open")
    expect(there["Bea Blind"].page.get_by_role("button", name="Reply all")).to_have_count(0)


def test_a_page_that_is_only_prepared_opens_nothing(product: Product, visitors: Visitors) -> None:
    _sender, [reader], message = _sent(product, "prefetch")
    visitor = visitors.come_as(reader)
    answer = visitor.page.evaluate(
        "address => fetch(address, {headers: {'Sec-Purpose': 'prefetch'}}).then((answer) => answer.status)",
        f"/messages/{message}/",
    )
    assert answer == 200
    assert _retrieved(product, message) == 0


def test_printing_is_reported_each_time_and_said_to_be_a_report(product: Product, visitors: Visitors) -> None:
    sender, [reader], message = _sent(product, "paper")
    visitor = visitors.come_as(reader)
    visitor.open_letter(f"/messages/{message}/")
    # The browser's own dialog would wait for somebody: the event in front of it is what its menu makes, too.
    visitor.page.evaluate("() => { window.print = () => window.dispatchEvent(new Event('beforeprint')) }")
    with visitor.page.expect_response("**/printings/"):
        visitor.page.get_by_role("button", name="Print").click()
    with visitor.page.expect_response("**/printings/"):
        visitor.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    watching = visitors.come_as(sender)
    watching.open_letter(f"/messages/{message}/")
    watching.slip.locator(".person summary").click()
    expect(watching.slip.locator(".person")).to_contain_text(re.compile("Printed.*reported by the browser", re.DOTALL))
    assert product.ask("entries", event="mailbox.message.printed", message=message) == 2
