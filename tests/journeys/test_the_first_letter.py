"""The main journey: write to somebody unknown, be read, be answered, take it back. Once by mouse, once by keys."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.pictures import take
from tests.journeys.product import Person, Product
from tests.journeys.visitors import Visitor, Visitors, phone
from tests.once import only_once

subject = "Power of attorney for Thursday"
reason = "Wrong attachment, a corrected message follows."


def test_a_letter_to_a_stranger_is_sent_read_answered_and_recalled(product: Product, visitors: Visitors) -> None:
    nora = product.member(Person("Nora Lindqvist", "nora@acme.example"))
    adler = "m.adler@adler-notare.example"

    writer = visitors.come().sign_in(nora)
    writer.new_message()
    writer.write(to=adler, subject=subject, text="Dear Ms Adler,\nplease sign the enclosed until Thursday.")
    expect(writer.page.get_by_text("Draft saved")).to_be_visible()
    expect(writer.slip).to_contain_text(f"No account yet, so invited: {adler}")
    take(writer, "compose")
    writer.send()
    asked = writer.page.get_by_role("dialog", name="New user detected")
    expect(asked).to_contain_text(adler)
    take(writer, "new-user")
    asked.get_by_role("button", name="Invite and send").click()
    expect(writer.page.get_by_role("heading", name=subject)).to_be_visible()
    expect(writer.stamp_of(adler)).to_have_text("Invited")

    invitation = product.mailroom.invitation_for(adler)
    assert subject not in invitation.raw.decode()
    assert "Thursday" not in invitation.text
    reader = visitors.come(on=phone)
    _register(reader, product, invitation.link, adler, name="Maria Adler")
    expect(reader.page.get_by_role("heading", name=subject)).to_be_visible()
    expect(reader.letter.get_by_text("please sign the enclosed")).to_be_visible()
    expect(reader.page.locator(".bar")).to_contain_text("Guest")
    take(reader, "guest-reads")

    # The sender's page has not been touched: what happened comes by itself, with one notice.
    expect(writer.stamp_of("Maria Adler")).to_have_text("Retrieved")
    expect(writer.page.locator("#notices-count")).to_have_text("1")
    take(writer, "retrieved")
    told = product.mailroom.wait_for(nora.address, lambda letter: "retrieved your secure message" in letter.subject)
    assert "Maria Adler" in told.subject
    reader.page.reload()
    expect(reader.letter.get_by_text("please sign the enclosed")).to_be_visible()
    expect(writer.slip).to_contain_text("2 times in all")
    expect(writer.page.locator("#notices-count")).to_have_text("1")

    reader.page.get_by_role("button", name="Reply", exact=True).click()
    expect(reader.page.get_by_label("Subject")).to_have_value(f"Re: {subject}")
    expect(reader.slip).not_to_contain_text("Enable tracking")
    reader.write(text="Signed, with kind regards")
    take(reader, "guest-answers")
    reader.send()
    expect(reader.page.get_by_role("heading", name=f"Re: {subject}")).to_be_visible()
    expect(writer.stamp_of("Maria Adler")).to_have_text("Replied")

    writer.page.get_by_role("button", name="Recall…").click()
    writer.page.get_by_label("Reason (optional)").fill(reason)
    take(writer, "recall")
    writer.page.get_by_role("button", name="Recall", exact=True).click()
    expect(writer.page.get_by_text("You recalled this message")).to_be_visible()
    expect(writer.stamp_of("Maria Adler")).to_have_text("Recalled")
    take(writer, "recalled-by-me")

    reader.go("/folders/inbox/")
    reader.page.get_by_role("link", name=re.compile(subject)).click()
    expect(reader.page.get_by_text("This message was recalled by the sender")).to_be_visible()
    expect(reader.page.get_by_text(reason)).to_be_visible()
    expect(reader.page.get_by_text("please sign the enclosed")).to_have_count(0)
    expect(reader.page.locator("iframe")).to_have_count(0)
    take(reader, "recalled")
    assert [one for one in product.mailroom.to(nora.address) if "retrieved your secure message" in one.subject] == [
        told
    ]
    assert reason not in "".join(one.raw.decode() for one in product.mailroom.to(adler))


@only_once
@pytest.mark.parametrize("person", ["professional", "guest"])
def test_the_whole_journey_needs_no_mouse(product: Product, visitors: Visitors, person: str) -> None:
    """The Professional's part and the Guest's, each with the keyboard alone; the other one plays by the mouse."""
    by_keys_is_writer = person == "professional"
    nora = product.member(Person("Nora Lindqvist", f"nora.keys.{person}@acme.example"))
    stranger = f"keys.{person}@client.example"

    writer = visitors.come_as(nora)
    _write_by_keys(writer, stranger) if by_keys_is_writer else _write_by_mouse(writer, stranger)
    expect(writer.page.get_by_role("heading", name=subject)).to_be_visible()

    reader = visitors.come()
    link = product.mailroom.invitation_for(stranger).link
    if by_keys_is_writer:
        _register(reader, product, link, stranger, name="Kim Keys")
    else:
        _register_by_keys(reader, product, link, stranger)
    expect(reader.letter.get_by_text("By keys")).to_be_visible()
    _answer_by_keys(reader)
    expect(writer.stamp_of("Kim Keys")).to_have_text("Replied")

    _recall_by_keys(writer)
    expect(writer.page.get_by_text("You recalled this message")).to_be_visible()
    reader.go("/folders/inbox/")
    reader.tab_to(reader.page.get_by_role("link", name=re.compile(subject)))
    reader.page.keyboard.press("Enter")
    expect(reader.page.get_by_text("This message was recalled by the sender")).to_be_visible()


def _register(reader: Visitor, product: Product, link: str, address: str, *, name: str) -> None:
    reader.go(link)
    expect(reader.page.get_by_role("heading", name="Register as a guest")).to_be_visible()
    expect(reader.page.locator("body")).not_to_contain_text(subject)
    take(reader, "register")
    reader.page.get_by_label("Your name").fill(name)
    reader.page.get_by_label("Choose a password").fill("a few plain words")
    reader.page.get_by_label("I agree").check()
    reader.page.get_by_role("button", name="Send me a code").click()
    expect(reader.page.get_by_label("Code from the mail")).to_be_visible()
    take(reader, "code")
    reader.page.get_by_label("Code from the mail").fill(product.mailroom.code_for(address))
    reader.page.get_by_role("button", name="Open the message").click()


def _register_by_keys(reader: Visitor, product: Product, link: str, address: str) -> None:
    reader.go(link)
    reader.type_into(reader.page.get_by_label("Your name"), "Kim Keys")
    reader.type_into(reader.page.get_by_label("Choose a password"), "a few plain words")
    reader.tab_to(reader.page.get_by_label("I agree"))
    reader.page.keyboard.press("Space")
    reader.page.keyboard.press("Enter")
    expect(reader.page.get_by_label("Code from the mail")).to_be_visible()
    reader.type_into(reader.page.get_by_label("Code from the mail"), product.mailroom.code_for(address))
    reader.page.keyboard.press("Enter")


def _write_by_mouse(writer: Visitor, stranger: str) -> None:
    writer.new_message()
    writer.write(to=stranger, subject=subject, text="By keys")
    writer.send()
    writer.page.get_by_role("button", name="Invite and send").click()


def _write_by_keys(writer: Visitor, stranger: str) -> None:
    writer.press(writer.page.get_by_role("button", name="New message"))
    expect(writer.page.get_by_role("combobox", name="To", exact=True)).to_be_focused()
    writer.page.keyboard.type(f"{stranger},nobody@x.example,")
    writer.page.keyboard.press("Backspace")
    expect(writer.page.get_by_role("button", name="Remove nobody@x.example")).to_be_focused()
    writer.page.keyboard.press("Delete")
    expect(writer.page.get_by_role("button", name="Remove nobody@x.example")).to_have_count(0)
    writer.type_into(writer.page.get_by_label("Subject"), subject)
    writer.tab_to(writer.page.get_by_role("textbox", name="Message"))
    writer.page.keyboard.press("Control+b")
    writer.page.keyboard.type("By keys")
    writer.press(writer.page.get_by_role("button", name="Send Secure"))
    writer.press(writer.page.get_by_role("button", name="Invite and send"))


def _answer_by_keys(reader: Visitor) -> None:
    reader.press(reader.page.get_by_role("button", name="Reply", exact=True))
    expect(reader.page.get_by_label("Subject")).to_have_value(f"Re: {subject}")
    reader.tab_to(reader.page.get_by_role("textbox", name="Message"))
    reader.page.keyboard.type("Answered")
    reader.page.keyboard.press("Control+Enter")
    expect(reader.page.get_by_role("heading", name=f"Re: {subject}")).to_be_visible()


def _recall_by_keys(writer: Visitor) -> None:
    writer.press(writer.page.get_by_role("button", name="Recall…"), key="Space")
    writer.type_into(writer.page.get_by_label("Reason (optional)"), reason)
    writer.press(writer.page.get_by_role("button", name="Recall", exact=True))
