"""Writing to people without an account, and coming to have one (claims 17, 18, 58 to 66)."""

from playwright.sync_api import expect

from tests.journeys.product import Person, Product, acme, globex
from tests.journeys.visitors import Visitor, Visitors

secret = "the contents of the envelope"


def _invited(product: Product, tag: str) -> tuple[Person, str, str]:
    """A Professional who has written to a stranger: who, the stranger's address, the link that arrived."""
    writer = product.member(Person("Wendy Writer", f"wendy.{tag}@acme.example"))
    stranger = f"{tag}@strangers.example"
    product.ask("send", host=acme, by=writer.address, to=[stranger], subject=f"For {tag}", html=f"<p>{secret}</p>")
    return writer, stranger, product.mailroom.invitation_for(stranger).link


def _ask_for_code(visitor: Visitor, link: str, name: str = "Gil Guest") -> None:
    visitor.go(link)
    visitor.page.get_by_label("Your name").fill(name)
    visitor.page.get_by_label("Choose a password").fill("a few plain words")
    visitor.page.get_by_label("I agree").check()
    visitor.page.get_by_role("button", name="Send me a code").click()
    expect(visitor.page.get_by_label("Code from the mail")).to_be_visible()


def _enter(visitor: Visitor, code: str) -> None:
    visitor.page.get_by_label("Code from the mail").fill(code)
    visitor.page.get_by_role("button", name="Open the message").click()


def test_writing_to_somebody_registered_asks_nothing(product: Product, visitors: Visitors) -> None:
    writer = product.member(Person("Wendy Writer", "wendy.known@acme.example"))
    known = product.member(Person("Ken Known", "ken.known@acme.example"))
    visitor = visitors.come_as(writer)
    visitor.new_message()
    visitor.write(to=known.address, subject="No question", text="Hello")
    visitor.send()
    expect(visitor.page.get_by_role("heading", name="No question")).to_be_visible()
    expect(visitor.stamp_of("Ken Known")).to_have_text("Notified")


def test_both_kinds_at_once_are_named_before_anything_is_sent(product: Product, visitors: Visitors) -> None:
    writer = product.member(Person("Wendy Writer", "wendy.mixed@acme.example"))
    known = product.member(Person("Ken Known", "ken.mixed@acme.example"))
    fresh = ["one.mixed@strangers.example", "two.mixed@strangers.example"]
    visitor = visitors.come_as(writer)
    visitor.new_message()
    visitor.write(to=", ".join([known.address, *fresh]), subject="To a mix", text="Hello")
    visitor.send()
    asked = visitor.page.get_by_role("dialog", name="New user detected")
    expect(asked.get_by_role("listitem")).to_have_text(fresh)
    asked.get_by_role("link", name="Back to the draft").click()
    expect(visitor.page.get_by_role("button", name=f"Remove {fresh[0]}")).to_be_focused()
    expect(visitor.page.locator("[data-marked]")).to_have_count(2)
    assert [product.mailroom.to(address) for address in [known.address, *fresh]] == [[], [], []]

    visitor.go("/folders/drafts/")
    visitor.page.get_by_role("link", name="To a mix").click()
    visitor.send()
    visitor.page.get_by_role("button", name="Invite and send").click()
    expect(visitor.page.get_by_role("heading", name="To a mix")).to_be_visible()
    for address in fresh:
        assert "/invitations/" in product.mailroom.wait_for(address).text
    assert "/invitations/" not in product.mailroom.wait_for(known.address).text


def test_the_page_of_an_invitation_says_who_writes_and_nothing_of_what(product: Product, visitors: Visitors) -> None:
    _writer, _stranger, link = _invited(product, "landing")
    visitor = visitors.come()
    visitor.go(link)
    expect(visitor.page.locator("main")).to_contain_text("Wendy Writer of Acme Legal has sent you a secure message.")
    assert secret not in visitor.page.content()
    assert "For landing" not in visitor.page.content()


def test_registered_but_not_proven_still_opens_nothing(product: Product, visitors: Visitors) -> None:
    _writer, stranger, link = _invited(product, "unproven")
    visitor = visitors.come()
    _ask_for_code(visitor, link)
    code = product.mailroom.code_for(stranger)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**8:08d}"
    _enter(visitor, wrong)
    expect(visitor.page.get_by_text("These are not the digits in the mail.")).to_be_visible()
    expect(visitor.page.get_by_label("Code from the mail")).to_have_attribute("aria-invalid", "true")
    visitor.go("/folders/inbox/")
    expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible()
    visitor.page.get_by_label("E-mail address").fill(stranger)
    visitor.page.get_by_label("Password", exact=True).fill("a few plain words")
    visitor.page.get_by_role("button", name="Sign in").click()
    expect(visitor.page.get_by_role("alert").filter(has_text="do not belong together")).to_be_visible()


def test_a_code_is_nothing_in_another_browser(product: Product, visitors: Visitors) -> None:
    _writer, stranger, link = _invited(product, "otherbrowser")
    asking, other = visitors.come(), visitors.come()
    _ask_for_code(asking, link)
    other.go(asking.page.url)
    _enter(other, product.mailroom.code_for(stranger))
    expect(other.page.get_by_role("alert").filter(has_text="no code waiting in this browser")).to_be_visible()
    _enter(asking, product.mailroom.code_for(stranger))
    expect(asking.letter.get_by_text(secret)).to_be_visible()


def test_a_scanner_that_runs_scripts_and_presses_buttons_spends_nothing(product: Product, visitors: Visitors) -> None:
    _writer, stranger, link = _invited(product, "scanner")
    scanner = visitors.come()
    for _ in range(2):
        scanner.go(link)
        for button in scanner.page.get_by_role("button").all():
            button.click(force=True)
    _ask_for_code(scanner, link, name="Scanner")
    stolen = product.mailroom.code_for(stranger)
    _enter(scanner, "00000000")
    reader = visitors.come()
    _ask_for_code(reader, link)
    _enter(reader, product.mailroom.code_for(stranger, but=stolen))
    expect(reader.letter.get_by_text(secret)).to_be_visible()
    expect(reader.page.locator(".bar")).to_contain_text("Gil Guest")


def test_a_second_opening_after_registering_leads_to_signing_in(product: Product, visitors: Visitors) -> None:
    _writer, stranger, link = _invited(product, "twice")
    first = visitors.come()
    _ask_for_code(first, link)
    _enter(first, product.mailroom.code_for(stranger))
    expect(first.letter.get_by_text(secret)).to_be_visible()
    second = visitors.come()
    second.go(link)
    expect(second.page.get_by_role("heading", name="You are registered already")).to_be_visible()
    second.page.get_by_role("link", name="Sign in").click()
    expect(second.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_somebody_signed_in_as_another_spends_nothing(product: Product, visitors: Visitors) -> None:
    _writer, stranger, link = _invited(product, "another")
    mallory = product.member(Person("Mallory Marsh", "mallory.another@acme.example"))
    visitor = visitors.come_as(mallory)
    visitor.go(link)
    expect(visitor.page.get_by_role("heading", name="You are signed in as somebody else")).to_be_visible()
    expect(visitor.page.locator("main")).to_contain_text(mallory.address)
    visitor.page.locator("main").get_by_role("button", name="Sign out").click()
    expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible()
    _ask_for_code(visitor, link)
    _enter(visitor, product.mailroom.code_for(stranger))
    expect(visitor.letter.get_by_text(secret)).to_be_visible()


def test_a_link_is_nothing_on_the_other_platform(product: Product, visitors: Visitors) -> None:
    _writer, _stranger, link = _invited(product, "elsewhere")
    visitor = visitors.come()
    visitor.go(link.replace(acme, globex))
    expect(visitor.page.get_by_role("heading", name="Nothing here")).to_be_visible()


def test_a_link_that_was_replaced_says_so_and_the_new_one_works(product: Product, visitors: Visitors) -> None:
    writer, stranger, link = _invited(product, "again")
    sender = visitors.come_as(writer)
    sender.go("/folders/sent/")
    sender.page.get_by_role("link", name="For again").click()
    sender.slip.get_by_role("button", name="Send the invitation again").click()
    newer = product.mailroom.wait_for(
        stranger, lambda letter: "/invitations/" in letter.text and letter.link != link
    ).link
    visitor = visitors.come()
    visitor.go(link)
    expect(visitor.page.get_by_role("heading", name="There is a newer link")).to_be_visible()
    visitor.go(newer)
    expect(visitor.page.get_by_role("heading", name="Register as a guest")).to_be_visible()


def test_a_guest_cannot_bring_anybody_in(product: Product, visitors: Visitors) -> None:
    writer = product.member(Person("Wendy Writer", "wendy.guestly@acme.example"))
    guest = product.member(Person("Gil Guest", "gil.guestly@client.example"), status="guest")
    message = product.ask(
        "send", host=acme, by=writer.address, to=[guest.address], subject="For a guest", html="<p>x</p>"
    )
    visitor = visitors.come_as(guest)
    expect(visitor.page.get_by_role("button", name="New message")).to_have_count(0)
    visitor.open_letter(f"/messages/{message}/")
    visitor.page.get_by_role("button", name="Reply", exact=True).click()
    visitor.write(to="friend.guestly@strangers.example", text="Please read")
    expect(visitor.page.locator("#to-problems")).to_contain_text("Wendy Writer")
    visitor.send()
    expect(visitor.page.get_by_role("alert").filter(has_text="cannot invite anybody")).to_be_visible()
    assert product.mailroom.to("friend.guestly@strangers.example") == []
    visitor.page.get_by_role("button", name="Remove friend.guestly@strangers.example").click()
    visitor.send()
    expect(visitor.page.get_by_role("heading", name="Re: For a guest")).to_be_visible()


def test_an_address_nobody_has_is_reported_and_can_be_corrected(product: Product, visitors: Visitors) -> None:
    writer = product.member(Person("Wendy Writer", "wendy.wrong@acme.example"))
    wrong, right = "wrong.name@strangers.example", "right.name@strangers.example"
    product.mailroom.refuse(wrong, "550 5.1.1 Nobody of that name")
    visitor = visitors.come_as(writer)
    visitor.new_message()
    visitor.write(to=wrong, subject="To a wrong address", text="Hello")
    visitor.send()
    visitor.page.get_by_role("button", name="Invite and send").click()
    expect(visitor.stamp_of(wrong)).to_have_text("Not delivered")
    visitor.slip.locator("summary").first.click()
    expect(visitor.slip).to_contain_text("Nobody of that name")
    visitor.slip.get_by_role("button", name="Correct the address").click()
    visitor.page.get_by_label("Right address").fill(right)
    visitor.page.get_by_role("button", name="Correct and send").click()
    expect(visitor.stamp_of(right)).to_have_text("Invited")
    assert "/invitations/" in product.mailroom.wait_for(right).text


def test_the_sender_sees_the_name_of_who_registers_without_a_reload(product: Product, visitors: Visitors) -> None:
    writer, _stranger, link = _invited(product, "named")
    watching = visitors.come_as(writer)
    watching.go("/folders/sent/")
    watching.page.get_by_role("link", name="For named").click()
    expect(watching.page.locator("#letter-from")).to_contain_text("named@strangers.example")
    guest = visitors.come()
    _ask_for_code(guest, link, "Gil Named")
    _enter(guest, product.mailroom.code_for("named@strangers.example"))
    expect(watching.page.locator("#letter-from")).to_contain_text("to Gil Named")
    expect(watching.slip).not_to_contain_text("to named@strangers.example")
