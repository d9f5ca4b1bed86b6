"""Writing: nothing is lost, nothing is sent twice, and the page keeps its own rules (claims 33, 59, 61)."""

import base64
import re
from urllib.parse import urlsplit

from playwright.sync_api import Route, expect

from tests.journeys.product import Person, Product, acme
from tests.journeys.visitors import Visitor, Visitors
from tests.once import only_once

# A picture of 2,400 by 12 pixels, drawn in the page itself: wider than what travels.
draw = """() => new Promise((resolve) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2400, 12];
  const pen = canvas.getContext("2d");
  pen.fillStyle = "teal";
  pen.fillRect(0, 0, 2400, 12);
  canvas.toBlob((blob) => blob.arrayBuffer().then((bytes) => {
    resolve(btoa(String.fromCharCode(...new Uint8Array(bytes))));
  }), "image/png");
})"""
# Another window of the same browser signs out while something typed here is not saved yet.
sign_out = """() => fetch("/sign-out/", {
  method: "POST",
  headers: {"X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value},
}).then((answer) => answer.status)"""
pasted = (
    '<p style="color: red" onclick="alert(1)">Pasted <b>bold</b></p><script>alert(2)</script>'
    '<img src="https://tracker.example/pixel.gif"><table><tr><td style="width: 9px">Fee</td><td>120 €</td></tr>'
    '<tr><td colspan="2">Paid</td></tr></table>'
)


def _writing(product: Product, visitors: Visitors, tag: str) -> tuple[Visitor, Person]:
    """Somebody with an empty letter before them, and somebody to write to."""
    writer = product.member(Person("Wanda Writer", f"wanda.{tag}@acme.example"))
    reader = product.member(Person("Rolf Reader", f"rolf.{tag}@acme.example"))
    visitor = visitors.come_as(writer)
    visitor.new_message()
    # Until the editor stands, "Message" is the field that it hides, and a click would wait for that one for ever.
    expect(visitor.page.get_by_role("toolbar", name="Format")).to_be_visible()
    return visitor, reader


def _paste(visitor: Visitor, target: str, **formats: str) -> None:
    """What a real paste hands to the page: one entry for each format."""
    visitor.page.locator(target).evaluate(
        """(element, formats) => {
          const data = new DataTransfer();
          for (const [format, text] of Object.entries(formats)) data.setData(format, text);
          element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        formats,
    )


@only_once
def test_the_delivery_slip_stands_at_the_right_with_the_options_that_exist(
    product: Product, visitors: Visitors
) -> None:
    visitor, _reader = _writing(product, visitors, "slip")
    slip, letter = visitor.slip.bounding_box(), visitor.page.locator(".letter").bounding_box()
    assert slip
    assert letter
    assert slip["x"] >= letter["x"] + letter["width"]
    for option, is_on in [("Enable tracking", True), ("Share tracking", True), ("Reply freeze", False)]:
        expect(visitor.slip.get_by_role("switch", name=option)).to_be_checked(checked=is_on)
    expect(visitor.slip.get_by_label("Expires")).to_have_value("")
    for absent in ("Forward freeze", "Confidential", "FYEO", "Select files", "E-SIGNATURE"):
        expect(visitor.page.get_by_text(absent)).to_have_count(0)


def test_closing_the_tab_loses_nothing(product: Product, visitors: Visitors) -> None:
    visitor, reader = _writing(product, visitors, "tab")
    visitor.slip.get_by_role("switch", name="Reply freeze").check()
    visitor.slip.get_by_label("Expires").select_option("14")
    visitor.write(to=reader.address, subject="Half a letter", text="Only begun")
    closing, visitor.page = visitor.page, visitor.context.new_page()
    with closing.expect_event("close"):
        closing.close(run_before_unload=True)
    visitor.go("/folders/drafts/")
    visitor.page.get_by_role("link", name="Half a letter").click()
    expect(visitor.page.get_by_role("button", name="Remove Rolf Reader")).to_be_visible()
    expect(visitor.page.get_by_role("textbox", name="Message")).to_have_text("Only begun")
    expect(visitor.slip.get_by_role("switch", name="Reply freeze")).to_be_checked()
    expect(visitor.slip.get_by_label("Expires")).to_have_value("14")


@only_once
def test_only_what_changed_travels(product: Product, visitors: Visitors) -> None:
    visitor, reader = _writing(product, visitors, "changes")
    visitor.write(to=reader.address, subject="Before", text="A long text")
    expect(visitor.page.get_by_text("Draft saved")).to_be_visible()
    with visitor.page.expect_request(
        lambda request: request.method == "POST" and request.url == visitor.page.url
    ) as saving:
        visitor.page.get_by_label("Subject").fill("After")
    assert set(saving.value.post_data_json) == {"subject", "version"}


def test_two_windows_on_one_draft_lose_nothing(product: Product, visitors: Visitors) -> None:
    visitor, reader = _writing(product, visitors, "windows")
    visitor.write(to=reader.address, subject="Two windows", text="First window")
    expect(visitor.page.get_by_text("Draft saved")).to_be_visible()
    other = visitor.context.new_page()
    other.goto(visitor.page.url)
    other.get_by_role("textbox", name="Message").click()
    other.keyboard.press("Control+End")
    other.keyboard.type(", changed in the second")
    expect(other.get_by_text("Draft saved")).to_be_visible()
    expect(other.locator("draft-keeper")).to_have_attribute("data-outcome", "saved")
    visitor.page.get_by_role("textbox", name="Message").click()
    visitor.page.keyboard.press("Control+End")
    visitor.page.keyboard.type(", and still in the first")
    asked = visitor.page.get_by_role("dialog", name="This draft was changed in another window")
    expect(asked).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(asked).to_be_visible()
    asked.get_by_role("button", name="Keep both").click()
    expect(visitor.page.get_by_role("textbox", name="Message")).to_have_text("First window, and still in the first")
    other.reload()
    expect(other.get_by_role("textbox", name="Message")).to_have_text("First window, changed in the second")


@only_once
def test_without_a_connection_the_text_stays_and_saving_goes_on_by_itself(product: Product, visitors: Visitors) -> None:
    visitor, _reader = _writing(product, visitors, "offline")
    # What the page has not loaded yet it could not load in the tunnel: then there is no editor, and nothing saves.
    expect(visitor.page.locator("letter-editor[data-mode]")).to_be_attached()
    visitor.context.set_offline(offline=True)
    visitor.write(subject="Written in a tunnel", text="No network here")
    expect(visitor.page.get_by_text("No connection. Your text is safe in this window")).to_be_visible()
    visitor.context.set_offline(offline=False)
    expect(visitor.page.get_by_text("Draft saved")).to_be_visible()
    visitor.go("/folders/drafts/")
    expect(visitor.page.get_by_role("link", name="Written in a tunnel")).to_be_visible()


@only_once
def test_signed_out_meanwhile_the_text_is_saved_after_signing_in_again(product: Product, visitors: Visitors) -> None:
    visitor, _reader = _writing(product, visitors, "signedout")
    visitor.write(subject="Signed out", text="Still here")
    assert visitor.page.evaluate(sign_out) == 200
    expect(visitor.page.get_by_text("You have been signed out. Your text is safe in this window")).to_be_visible()
    other = visitor.context.new_page()
    other.goto(product.url("/sign-in/"))
    other.get_by_label("E-mail address").fill("wanda.signedout@acme.example")
    other.get_by_label("Password", exact=True).fill("correct horse battery")
    other.get_by_role("button", name="Sign in").click()
    expect(visitor.page.get_by_text("Draft saved")).to_be_visible()


def test_pressing_send_twice_sends_once(product: Product, visitors: Visitors) -> None:
    visitor, reader = _writing(product, visitors, "double")
    visitor.write(to=reader.address, subject="Only once", text="Hello")
    visitor.page.get_by_role("button", name="Send Secure").dblclick()
    expect(visitor.page.get_by_role("heading", name="Only once")).to_be_visible()
    visitor.go("/folders/sent/")
    expect(visitor.page.get_by_role("link", name="Only once")).to_have_count(1)


def test_a_request_that_is_sent_again_after_a_lost_answer_sends_once(product: Product, visitors: Visitors) -> None:
    visitor, reader = _writing(product, visitors, "lost")
    visitor.write(to=reader.address, subject="Lost answer", text="Hello")

    def lose(route: Route) -> None:
        address = product.url(urlsplit(route.request.url).path, host="127.0.0.1")
        host = f"{acme}:{product.port}"
        route.fetch(url=address, headers=route.request.all_headers() | {"host": host}, max_redirects=0)
        route.abort()

    visitor.page.route("**/sending/", lose, times=1)
    visitor.send()
    expect(visitor.page.get_by_text("The service cannot be reached right now")).to_be_visible()
    visitor.send()
    expect(visitor.page.get_by_role("heading", name="Lost answer")).to_be_visible()
    visitor.go("/folders/sent/")
    expect(visitor.page.get_by_role("link", name="Lost answer")).to_have_count(1)


@only_once
def test_writing_a_formatted_letter_breaks_no_rule_of_the_policy(product: Product, visitors: Visitors) -> None:
    """Bold, list, link, quote, pasted table, picture, undo: in the page, in the store, and in the reader's frame.

    Whoever leaves with a broken policy rule on the console fails the test: see `Visitors.leave`.
    """
    visitor, reader = _writing(product, visitors, "format")
    letter = visitor.page.get_by_role("textbox", name="Message")
    visitor.write(to=reader.address, subject="With everything", text="Plain ")
    visitor.page.get_by_role("button", name="Bold").click()
    visitor.page.keyboard.type("bold")
    expect(visitor.page.get_by_role("button", name="Bold")).to_have_attribute("aria-pressed", "true")
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_role("button", name="List").click()
    visitor.page.keyboard.type("one")
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Enter")
    _paste(visitor, ".words[contenteditable]", **{"text/html": "<table><tr><td>Fee</td><td>120 €</td></tr></table>"})
    expect(letter.locator("td")).to_have_text(["Fee", "120 €"])
    letter.press("Control+End")
    _insert_link(visitor)
    picture = base64.b64decode(visitor.page.evaluate(draw))
    files = visitor.page.locator("letter-editor input[type=file]")
    files.set_input_files({"name": "Site plan.png", "mimeType": "image/png", "buffer": picture})
    expect(letter.get_by_role("img", name="Site plan")).to_be_visible()
    assert letter.get_by_role("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1600
    letter.get_by_role("img").click()
    visitor.send()
    expect(visitor.page.get_by_role("heading", name="With everything")).to_be_visible()

    recipient = visitors.come_as(reader)
    recipient.open_letter(visitor.page.url)
    expect(recipient.letter.locator("b").first).to_have_text("bold")
    expect(recipient.letter.locator("li")).to_have_text("one")
    expect(recipient.letter.locator("td")).to_have_text(["Fee", "120 €"])
    expect(recipient.letter.get_by_role("link")).to_have_attribute("href", "https://acme.example/terms")
    expect(recipient.letter.get_by_role("img", name="Site plan")).to_have_attribute(
        "src", re.compile("^data:image/png")
    )


@only_once
def test_pasted_markup_is_cleaned_and_its_tables_are_kept(product: Product, visitors: Visitors) -> None:
    visitor, _reader = _writing(product, visitors, "pasted")
    letter = visitor.page.get_by_role("textbox", name="Message")
    letter.click()
    _paste(visitor, ".words[contenteditable]", **{"text/html": pasted, "text/plain": "Pasted bold"})
    expect(letter.locator("td")).to_have_text(["Fee", "120 €", "Paid"])
    expect(letter.locator("td").last).to_have_attribute("colspan", "2")
    expect(letter.locator("b")).to_have_text("bold")
    expect(letter.locator("img, script, [style], [onclick]")).to_have_count(0)
    # The browser says what it refuses while the markup is still being parsed, apart from the page; none of it gets in.
    visitor.broken.clear()


def _insert_link(visitor: Visitor) -> None:
    visitor.page.keyboard.press("Control+k")
    visitor.page.get_by_role("dialog", name="Link").get_by_label("Address").fill("acme.example/terms")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".words a")).to_have_attribute("href", "https://acme.example/terms")
    visitor.page.keyboard.press("End")


@only_once
def test_undo_brings_back_what_was_deleted(product: Product, visitors: Visitors) -> None:
    visitor, _reader = _writing(product, visitors, "undo")
    visitor.write(text="Keep these words")
    visitor.page.keyboard.press("Control+a")
    visitor.page.keyboard.press("Delete")
    expect(visitor.page.get_by_role("textbox", name="Message")).to_have_text("")
    visitor.page.get_by_role("button", name="Undo").click()
    expect(visitor.page.get_by_role("textbox", name="Message")).to_have_text("Keep these words")


@only_once
def test_plain_text_and_back_loses_no_format_while_no_word_changes(product: Product, visitors: Visitors) -> None:
    visitor, _reader = _writing(product, visitors, "plain")
    visitor.page.get_by_role("textbox", name="Message").click()
    visitor.page.keyboard.press("Control+b")
    visitor.page.keyboard.type("x")
    expect(visitor.page.locator(".words b")).to_have_text("x")
    plain = visitor.page.get_by_role("button", name="Plain text")
    plain.click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Keep the format").click()
    plain.click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Turn into plain text").click()
    expect(plain).to_have_attribute("aria-pressed", "true")
    expect(visitor.page.get_by_role("textbox", name="Message")).to_have_value("x")
    plain.click()
    expect(visitor.page.locator(".words b")).to_have_text("x")


@only_once
def test_a_pasted_list_becomes_one_chip_each_and_mistakes_are_named_one_by_one(
    product: Product, visitors: Visitors
) -> None:
    visitor, reader = _writing(product, visitors, "paste")
    lines = f'"Reader, Rolf" <{reader.address}>; second@strangers.example\nno address\nthird@@strangers.example'
    _paste(visitor, "#to", **{"text/plain": lines})
    expect(visitor.page.locator(".token")).to_have_count(4)
    expect(visitor.page.get_by_role("button", name="Remove Rolf Reader")).to_be_visible()
    expect(visitor.page.locator("#to-problems li")).to_have_count(2)
    expect(visitor.page.locator("#to-problems")).to_contain_text("“no address” is no e-mail address: the @ is missing")
    visitor.send()
    expect(visitor.page.locator("#refusals")).to_contain_text("no address")
    visitor.page.get_by_role("button", name="Remove no address").click()
    expect(visitor.page.locator("#to-problems li")).to_have_count(1)


def test_replies_show_the_options_and_cannot_change_them(product: Product, visitors: Visitors) -> None:
    visitor, reader = _writing(product, visitors, "options")
    visitor.slip.get_by_role("switch", name="Share tracking").uncheck()
    visitor.slip.get_by_label("Expires").select_option("30")
    visitor.write(to=reader.address, subject="With options", text="Hello")
    visitor.send()
    expect(visitor.page.get_by_role("heading", name="With options")).to_be_visible()
    recipient = visitors.come_as(reader)
    recipient.open_letter(visitor.page.url)
    recipient.page.get_by_role("button", name="Reply", exact=True).click()
    expect(recipient.slip).to_contain_text("in 30 days")
    expect(recipient.slip.get_by_role("switch")).to_have_count(0)


def test_a_discarded_draft_is_gone(product: Product, visitors: Visitors) -> None:
    visitor, _reader = _writing(product, visitors, "discard")
    visitor.write(subject="Not to be")
    visitor.page.get_by_role("link", name="Discard…").click()
    visitor.page.get_by_role("button", name="Discard the draft").click()
    expect(visitor.page.get_by_text("The draft is gone.")).to_be_visible()
    expect(visitor.page.get_by_role("link", name="Not to be")).to_have_count(0)


@only_once
def test_writing_works_without_scripts(product: Product, visitors: Visitors) -> None:
    writer = product.member(Person("Wanda Writer", "wanda.noscript@acme.example"))
    visitor = visitors.come_as(writer, java_script_enabled=False)
    visitor.page.get_by_role("button", name="New message").click()
    visitor.page.get_by_label("To", exact=True).fill("new.noscript@strangers.example")
    visitor.page.get_by_label("Subject").fill("By hand")
    visitor.page.get_by_label("Message", exact=True).fill("First line\n\nSecond paragraph")
    visitor.page.get_by_role("button", name="Send Secure").click()
    expect(visitor.page.get_by_role("heading", name="New user detected")).to_be_visible()
    visitor.page.get_by_role("button", name="Invite and send").click()
    expect(visitor.page.get_by_role("heading", name="By hand")).to_be_visible()
    assert "/invitations/" in product.mailroom.wait_for("new.noscript@strangers.example").text
    assert acme in visitor.page.url


@only_once
def test_an_empty_letter_is_asked_about_once_and_one_goes_back_to_what_is_missing(
    product: Product, visitors: Visitors
) -> None:
    visitor = visitors.come_as(product.member(Person("Wilma Writer", "wilma.empty@acme.example")))
    visitor.new_message()
    visitor.write(to="fresh.empty@strangers.example", text="Words")
    visitor.send()
    asked = visitor.page.get_by_role("dialog", name="Send it as it is?")
    expect(asked).to_contain_text("This letter has no subject.")
    asked.get_by_role("link", name="Back to the draft").click()
    expect(visitor.page.get_by_label("Subject")).to_be_focused()
    visitor.send()
    asked.get_by_role("button", name="Send it as it is").click()
    visitor.page.get_by_role("button", name="Invite and send").click()
    expect(visitor.page.get_by_role("heading", name="(no subject)")).to_be_visible()


def test_pressing_new_message_and_going_away_leaves_no_draft(product: Product, visitors: Visitors) -> None:
    visitor = visitors.come_as(product.member(Person("Wilma Writer", "wilma.blank@acme.example")))
    for _twice in range(2):
        visitor.new_message()
        visitor.go("/folders/drafts/")
        expect(visitor.page.locator(".row")).to_have_count(0)
