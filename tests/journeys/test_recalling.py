"""Taking back (claims 72, 73, 75, 77 to 79, 81 to 84)."""

import re

from playwright.sync_api import expect

from tests.journeys.product import Person, Product, acme
from tests.journeys.visitors import Visitor, Visitors

words = "the words that are taken back"


def _sent(product: Product, tag: str) -> tuple[Person, Person, str]:
    sender = product.member(Person("Sena Sender", f"sena.{tag}@acme.example"))
    reader = product.member(Person("Rea Reader", f"rea.{tag}@acme.example"))
    message = product.ask(
        "send", host=acme, by=sender.address, to=[reader.address], subject=f"About {tag}", html=f"<p>{words}</p>"
    )
    return sender, reader, f"/messages/{message}/"


def _recall(visitor: Visitor, path: str, *, reason: str = "", destroy: bool = False) -> None:
    visitor.open_letter(path)
    visitor.page.get_by_role("button", name="Recall…").click()
    visitor.page.get_by_label("Reason (optional)").fill(reason)
    if destroy:
        visitor.page.get_by_label("Destroy my copy as well").check()
    visitor.page.get_by_role("button", name="Recall", exact=True).click()
    expect(visitor.page.get_by_text("You recalled this message")).to_be_visible()


def _sees_only_the_notice(visitor: Visitor) -> None:
    expect(visitor.page.get_by_text("This message was recalled by the sender")).to_be_visible()
    expect(visitor.page.locator("iframe")).to_have_count(0)
    assert words not in visitor.page.content()


def test_recalled_before_anybody_opened_it(product: Product, visitors: Visitors) -> None:
    sender, reader, path = _sent(product, "unopened")
    _recall(visitors.come_as(sender), path)
    visitor = visitors.come_as(reader)
    visitor.go(path)
    _sees_only_the_notice(visitor)
    # An empty reason is said in the default sentence.
    expect(visitor.page.locator(".notice blockquote")).not_to_be_empty()
    expect(visitor.page.get_by_text("You had opened it")).to_have_count(0)


def test_recalled_while_it_is_being_read_it_goes_by_itself_and_nothing_brings_it_back(
    product: Product, visitors: Visitors
) -> None:
    sender, reader, path = _sent(product, "reading")
    reading = visitors.come_as(reader)
    reading.open_letter(path)
    taking_back = visitors.come_as(sender)
    _recall(taking_back, path, reason="A wrong number in it")
    _sees_only_the_notice(reading)
    expect(reading.page.get_by_text("A wrong number in it")).to_be_visible()
    expect(reading.page.get_by_text("You had opened it")).to_be_visible()

    for act in ("Reply", "Reply all", "Recall…", "Retrieve"):
        expect(reading.page.get_by_role("button", name=act, exact=True)).to_have_count(0)
    reading.page.reload()
    _sees_only_the_notice(reading)
    reading.go("/folders/inbox/")
    expect(reading.page.get_by_role("link", name=re.compile("About reading"))).to_contain_text("Recalled by the sender")
    reading.page.go_back()
    _sees_only_the_notice(reading)
    again = visitors.come_as(reader)
    again.go(path)
    _sees_only_the_notice(again)
    # The sender still sees who had it, and reads the own copy.
    expect(taking_back.slip).to_contain_text("had retrieved it")
    expect(taking_back.letter.get_by_text(words)).to_be_visible()


def test_an_answer_begun_before_the_recall_cannot_be_sent_and_is_not_lost(product: Product, visitors: Visitors) -> None:
    sender, reader, path = _sent(product, "answering")
    answering = visitors.come_as(reader)
    answering.open_letter(path)
    answering.page.get_by_role("button", name="Reply", exact=True).click()
    answering.write(text="My answer")
    _recall(visitors.come_as(sender), path)
    answering.send()
    expect(answering.page.get_by_role("alert").filter(has_text="cannot be answered")).to_be_visible()
    answering.go("/folders/drafts/")
    answering.page.get_by_role("link", name="Re: About answering").click()
    expect(answering.page.get_by_role("textbox", name="Message")).to_have_text("My answer")


def test_with_the_own_copy_destroyed_nobody_reads_it(product: Product, visitors: Visitors) -> None:
    sender, _reader, path = _sent(product, "destroyed")
    visitor = visitors.come_as(sender)
    _recall(visitor, path, destroy=True)
    expect(visitor.page.locator("iframe")).to_have_count(0)
    expect(visitor.slip).to_contain_text("Keys destroyed here")


def test_recall_and_correct_begins_a_new_draft_with_the_same_text(product: Product, visitors: Visitors) -> None:
    sender, _reader, path = _sent(product, "correct")
    visitor = visitors.come_as(sender)
    visitor.open_letter(path)
    visitor.page.get_by_role("button", name="Recall…").click()
    visitor.page.get_by_role("button", name="Recall and correct").click()
    expect(visitor.page.get_by_role("textbox", name="Message")).to_have_text(words)
    expect(visitor.page.get_by_role("button", name="Remove Rea Reader")).to_be_visible()
    expect(visitor.page.get_by_label("Subject")).to_have_value("About correct")


def test_only_the_sender_finds_a_recall_and_a_guest_finds_none(product: Product, visitors: Visitors) -> None:
    sender, reader, path = _sent(product, "whose")
    guest = product.member(Person("Gil Guest", "gil.whose@client.example"), status="guest")
    other = visitors.come_as(reader)
    other.open_letter(path)
    expect(other.page.get_by_role("button", name="Reply", exact=True)).to_be_visible()
    expect(other.page.get_by_role("button", name="Recall…")).to_have_count(0)

    to_guest = product.ask("send", host=acme, by=sender.address, to=[guest.address], subject="To Gil", html="<p>x</p>")
    answering = visitors.come_as(guest)
    answering.open_letter(f"/messages/{to_guest}/")
    answering.page.get_by_role("button", name="Reply", exact=True).click()
    answering.write(text="Mine")
    answering.send()
    expect(answering.page.get_by_role("heading", name="Re: To Gil")).to_be_visible()
    expect(answering.page.get_by_role("button", name="Recall…")).to_have_count(0)


def test_those_who_were_told_are_told_of_the_recall_without_the_reason(product: Product, visitors: Visitors) -> None:
    sender, reader, path = _sent(product, "mail")
    notice = product.mailroom.wait_for(reader.address)
    _recall(visitors.come_as(sender), path, reason="A private reason")
    told = product.mailroom.wait_for(reader.address, lambda letter: "recalled" in letter.subject)
    assert told.mail["In-Reply-To"] == notice.mail["Message-ID"]
    assert "A private reason" not in told.raw.decode()
