"""What a screen reader says of the Inbox, a message and a letter being written, and what it says by itself.

The order is Chromium's accessibility tree (`reading.py`); the expected lines stand in `reading/`, to be read by people.
"""

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.journeys import reading
from tests.journeys.listening import listen_to
from tests.journeys.product import Person, Product, acme
from tests.journeys.visitors import Visitors
from tests.once import only_once

pytestmark = only_once
subject = "Draft distribution"
letter = (
    "<p>Dear Tomás,</p><p>three points still need <b>your</b> eye.</p><ul><li>The flat</li><li>The loan</li></ul>"
    "<table><tr><th>Asset</th><th>Value</th></tr><tr><td>Flat in Lisbon</td><td>412,000 €</td></tr></table>"
)
reason = "Wrong attachment, a corrected one follows."


@dataclass(frozen=True)
class Pair:
    """Who writes, who reads, and where their message is."""

    writer: Person
    reader: Person
    path: str


def _pair(product: Product, tag: str) -> Pair:
    writer = product.member(Person("Nora Lindqvist", f"nora.{tag}@acme.example"))
    reader = product.member(Person("Tomás Ortega", f"tomas.{tag}@acme.example"))
    return Pair(writer, reader, f"/messages/{_send(product, writer, reader, subject)}/")


def _send(product: Product, writer: Person, reader: Person, about: str) -> str:
    sent: str = product.ask("send", host=acme, by=writer.address, to=[reader.address], subject=about, html=letter)
    product.mailroom.wait_for(reader.address)
    return sent


def _recall(product: Product, pair: Pair, message: str) -> None:
    product.ask("recall", host=acme, by=pair.writer.address, message=message, reason=reason)


def test_the_inbox_reads_from_the_newest_on_and_says_what_is_unread(product: Product, visitors: Visitors) -> None:
    pair = _pair(product, "inbox")
    _recall(product, pair, _send(product, pair.writer, pair.reader, "Account statements"))
    visitor = visitors.come_as(pair.reader)
    visitor.open_letter(pair.path)
    expect(visitor.slip.get_by_text("Message Details")).to_be_attached()
    visitor.go("/folders/inbox/")
    reading.expect_reading(visitor, "inbox")


def test_a_message_reads_tools_letter_slip_for_its_sender(product: Product, visitors: Visitors) -> None:
    pair = _pair(product, "sender")
    visitor = visitors.come_as(pair.writer)
    visitor.open_letter(pair.path)
    expect(visitor.stamp_of(pair.reader.name)).to_have_text("Notified")
    visitor.stamp_of(pair.reader.name).click()
    reading.expect_reading(visitor, "message-of-its-sender")


def test_a_recipient_hears_what_retrieving_means_before_it_and_the_letter_after(
    product: Product, visitors: Visitors
) -> None:
    pair = _pair(product, "recipient")
    visitor = visitors.come_as(pair.reader)
    visitor.go("/account/")
    visitor.page.get_by_label("Show the Delivery Slip first").check()
    visitor.page.get_by_role("button", name="Save the preferences").click()
    expect(visitor.page.get_by_text("Your preferences are saved.")).to_be_visible()
    visitor.go(pair.path)
    expect(visitor.stamp_of(pair.reader.name)).to_have_text("Reviewed")
    reading.expect_reading(visitor, "message-before-retrieving")
    visitor.page.get_by_role("button", name="Retrieve", exact=True).click()
    expect(visitor.stamp_of(pair.reader.name)).to_have_text("Retrieved")
    reading.expect_reading(visitor, "message-retrieved")
    _recall(product, pair, pair.path.split("/")[2])
    visitor.page.reload()
    expect(visitor.slip).to_contain_text("Keys destroyed here")
    reading.expect_reading(visitor, "message-recalled")


def test_a_letter_being_written_reads_in_the_order_it_is_filled_in(product: Product, visitors: Visitors) -> None:
    pair = _pair(product, "compose")
    visitor = visitors.come_as(pair.writer)
    visitor.new_message()
    expect(visitor.page.get_by_role("toolbar", name="Format")).to_be_visible()
    reading.expect_reading(visitor, "compose")
    visitor.write(to=f"not an address, {pair.reader.address}", subject=subject, text="Dear Tomás")
    expect(visitor.page.locator("#to-problems li")).to_have_count(1)
    expect(visitor.page.get_by_text("Draft saved")).to_be_visible()
    expect(visitor.page.get_by_role("link", name="Drafts 1 draft")).to_be_visible()
    reading.expect_reading(visitor, "compose-with-a-mistake")


def test_sending_and_recalling_are_said_and_focus_goes_to_the_message(product: Product, visitors: Visitors) -> None:
    pair = _pair(product, "acts")
    visitor = visitors.come_as(pair.writer)
    ear = listen_to(visitor)
    visitor.new_message()
    visitor.write(to=pair.reader.address, subject="To be sent", text="Hello")
    expect(visitor.page.get_by_text("Draft saved")).to_be_visible()
    ear.lines.clear()
    product.pause_worker()  # when the notice leaves is said too, whenever that is
    visitor.send()
    expect(visitor.page.locator("#announcements")).to_contain_text("Sent.")
    product.resume_worker()
    reading.expect_said(ear.transcript, "said-after-sending")
    expect(visitor.stamp_of(pair.reader.name)).to_have_text("Notified")
    ear.lines.clear()
    visitor.press(visitor.page.get_by_role("button", name="Recall…"), key="Space")
    expect(visitor.page.get_by_role("heading", name="Recall this message")).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("button", name="Recall…")).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    ear.lines.clear()
    visitor.press(visitor.page.get_by_role("button", name="Recall", exact=True))
    expect(visitor.page.locator("#announcements")).to_contain_text("Recalled.")
    reading.expect_said(ear.transcript, "said-after-recalling")


def test_the_first_opening_is_said_while_the_sender_looks_at_the_message(product: Product, visitors: Visitors) -> None:
    pair = _pair(product, "opening")
    visitor = visitors.come_as(pair.writer)
    ear = listen_to(visitor)
    visitor.open_letter(pair.path)
    expect(visitor.stamp_of(pair.reader.name)).to_have_text("Notified")
    ear.lines.clear()
    visitors.come_as(pair.reader).open_letter(pair.path)
    expect(visitor.stamp_of(pair.reader.name)).to_have_text("Retrieved")
    expect(visitor.page.locator("#toasts")).to_contain_text("Tomás Ortega opened")
    # Which of the two comes first hangs on which answer does.
    reading.expect_said("".join(sorted(ear.transcript.splitlines(keepends=True))), "said-at-the-first-opening")
