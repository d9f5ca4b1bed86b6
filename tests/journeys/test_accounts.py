"""Looking after an account: forgotten passwords, sessions, preferences."""

from playwright.sync_api import expect

from tests.journeys.product import Person, Product
from tests.journeys.visitors import Visitor, Visitors
from tests.once import only_once

fresh = "some other plain words"


def _menu(visitor: Visitor, entry: str) -> None:
    visitor.page.get_by_role("banner").get_by_role("button", name="Account menu").click()
    visitor.page.locator("#account-menu").get_by_text(entry, exact=True).click()


def test_a_forgotten_password_is_replaced_by_a_code_typed_in_the_same_browser(
    product: Product, visitors: Visitors
) -> None:
    person = product.member(Person("Fay Forgot", "fay@acme.example"))
    elsewhere, visitor = visitors.come_as(person), visitors.come()
    visitor.go("/sign-in/")
    visitor.page.get_by_role("link", name="Forgotten your password?").click()
    visitor.page.get_by_label("E-mail address").fill(person.address)
    visitor.page.get_by_role("button", name="Send me a code").click()
    visitor.page.get_by_label("Code from the mail").fill(product.mailroom.code_for(person.address))
    visitor.page.get_by_label("New password").fill("too short")
    visitor.page.get_by_role("button", name="Set the password and sign in").click()
    expect(visitor.page.get_by_label("New password")).to_have_attribute("aria-invalid", "true")
    visitor.page.get_by_label("New password").fill(fresh)
    visitor.page.get_by_role("button", name="Set the password and sign in").click()
    expect(visitor.page.get_by_role("heading", name="Inbox")).to_be_visible()
    elsewhere.go("/account/")
    expect(elsewhere.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_unknown_address_is_answered_like_a_known_one_and_no_mail_leaves(
    product: Product, visitors: Visitors
) -> None:
    pages = []
    for address in ("fay.known@acme.example", "nobody.at.all@acme.example"):
        visitor = visitors.come()
        if "known" in address:
            product.member(Person("Fay Known", address))
        visitor.go("/password/reset/")
        visitor.page.get_by_label("E-mail address").fill(address)
        visitor.page.get_by_role("button", name="Send me a code").click()
        expect(visitor.page.get_by_label("Code from the mail")).to_be_visible()
        pages.append(visitor.page.locator("main").inner_text())
    assert pages[0] == pages[1]
    product.mailroom.code_for("fay.known@acme.example")
    assert product.mailroom.to("nobody.at.all@acme.example") == []


def test_another_code_revokes_the_one_before(product: Product, visitors: Visitors) -> None:
    person = product.member(Person("Ann Other", "ann.other@acme.example"))
    visitor = visitors.come()
    visitor.go("/password/reset/")
    visitor.page.get_by_label("E-mail address").fill(person.address)
    visitor.page.get_by_role("button", name="Send me a code").click()
    first = product.mailroom.code_for(person.address)
    visitor.page.get_by_role("button", name="send a new code").click()
    expect(visitor.page.get_by_text("A new code is on its way.")).to_be_visible()
    second = product.mailroom.code_for(person.address, but=first)
    for code, works in [(first, False), (second, True)]:
        visitor.page.get_by_label("Code from the mail").fill(code)
        visitor.page.get_by_label("New password").fill(fresh)
        visitor.page.get_by_role("button", name="Set the password and sign in").click()
        wanted = "Inbox" if works else "Check your mail"
        expect(visitor.page.get_by_role("heading", name=wanted)).to_be_visible()


def test_another_browser_is_signed_out_from_here(product: Product, visitors: Visitors) -> None:
    person = product.member(Person("Seb Sessions", "seb@acme.example"))
    far, near = visitors.come_as(person), visitors.come_as(person)
    near.go("/account/")
    sessions = near.page.locator(".sessions li")
    expect(sessions).to_have_count(2)
    expect(sessions.filter(has_text="This browser")).to_have_count(1)
    sessions.filter(has_not_text="This browser").get_by_role("button").click()
    expect(sessions).to_have_count(1)
    far.go("/folders/inbox/")
    expect(far.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_signing_out_leaves_nothing_to_go_back_to(product: Product, visitors: Visitors) -> None:
    person = product.member(Person("Sid Signout", "sid@acme.example"))
    visitor = visitors.come_as(person)
    visitor.go("/account/")
    _menu(visitor, "Sign out")
    expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible()
    visitor.page.go_back()
    expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(product: Product, visitors: Visitors) -> None:
    person = product.member(Person("Pia Password", "pia@acme.example"))
    other, visitor = visitors.come_as(person), visitors.come_as(person)
    visitor.go("/account/")
    for old, works in [("not the right one", False), (person.password, True)]:
        visitor.page.get_by_label("Password you use now").fill(old)
        visitor.page.get_by_label("New password").fill(fresh)
        visitor.page.get_by_role("button", name="Change the password").click()
        said = "Your password is changed." if works else "This is not your present password."
        expect(visitor.page.get_by_text(said)).to_be_visible()
    other.go("/account/")
    expect(other.page.get_by_role("heading", name="Sign in")).to_be_visible()
    visitors.come().sign_in(Person(person.name, person.address, password=fresh))


@only_once
def test_a_password_can_be_looked_at_while_it_is_typed(product: Product, visitors: Visitors) -> None:
    visitor = visitors.come()
    visitor.go("/sign-in/")
    visitor.page.get_by_label("Password", exact=True).fill("visible")
    visitor.page.get_by_role("button", name="Show").click()
    expect(visitor.page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    visitor.page.get_by_role("button", name="Hide").click()
    expect(visitor.page.get_by_label("Password", exact=True)).to_have_attribute("type", "password")


def test_the_operators_link_sets_a_password_once(product: Product, visitors: Visitors) -> None:
    link = product.ask("link", host="acme.localhost", address="olga@acme.example", name="Olga New")
    visitor = visitors.come()
    visitor.go(link)
    expect(visitor.page.get_by_label("Your name")).to_have_value("Olga New")
    visitor.page.get_by_label("Choose a password").fill(fresh)
    visitor.page.get_by_role("button", name="Set the password and sign in").click()
    expect(visitor.page.get_by_role("heading", name="Inbox")).to_be_visible()
    second = visitors.come()
    second.go(link)
    expect(second.page.get_by_role("heading", name="You are registered already")).to_be_visible()
