"""Two platforms on one server know nothing of each other (claims 2 to 5)."""

from playwright.sync_api import expect

from tests.journeys.product import Person, Product, acme, globex
from tests.journeys.visitors import Visitors

address = "pat@both.example"


def _pat_on_both(product: Product, tag: str) -> tuple[Person, Person, dict[str, str]]:
    """One address with an account on each platform, different passwords, and a letter on each."""
    pats, letters = [], {}
    for host in (acme, globex):
        short = host.split(".")[0]
        pat = Person(f"Pat of {short}", f"{tag}.{address}", host=host, password=f"the words of {short}")
        sender = Person(f"Sender at {short}", f"{tag}.sender@{short}.example", host=host)
        product.member(pat)
        product.member(sender)
        subject = f"Only for {short}"
        letters[host] = product.ask(
            "send", host=host, by=sender.address, to=[pat.address], subject=subject, html="<p>x</p>"
        )
        pats.append(pat)
    return pats[0], pats[1], letters


def test_the_same_address_on_both_is_two_people_blind_to_each_other(product: Product, visitors: Visitors) -> None:
    at_acme, at_globex, letters = _pat_on_both(product, "blind")
    for pat, own, other, elsewhere in [
        (at_acme, "Only for acme", "Only for globex", letters[globex]),
        (at_globex, "Only for globex", "Only for acme", letters[acme]),
    ]:
        visitor = visitors.come().sign_in(pat)
        for folder in ("inbox", "sent", "drafts", "archive", "trash"):
            visitor.go(f"/folders/{folder}/")
            expect(visitor.page.get_by_text(other)).to_have_count(0)
        visitor.go("/folders/inbox/")
        expect(visitor.page.get_by_text(own)).to_be_visible()
        visitor.go(f"/messages/{elsewhere}/")
        expect(visitor.page.get_by_role("heading", name="Nothing here")).to_be_visible()
        assert other not in visitor.page.content()
        assert "sender@" not in visitor.page.content()


def test_a_password_of_one_platform_is_nothing_on_the_other(product: Product, visitors: Visitors) -> None:
    at_acme, _at_globex, _letters = _pat_on_both(product, "password")
    visitor = visitors.come(host=globex)
    visitor.go("/sign-in/")
    visitor.page.get_by_label("E-mail address").fill(at_acme.address)
    visitor.page.get_by_label("Password", exact=True).fill(at_acme.password)
    visitor.page.get_by_role("button", name="Sign in").click()
    expect(visitor.page.get_by_role("alert").filter(has_text="do not belong together")).to_be_visible()


def test_a_letters_address_leads_a_stranger_to_the_sign_in_page_and_back(product: Product, visitors: Visitors) -> None:
    at_acme, _at_globex, letters = _pat_on_both(product, "link")
    visitor = visitors.come()
    visitor.go(f"/messages/{letters[acme]}/")
    expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Only for acme" not in visitor.page.content()
    visitor.page.get_by_label("E-mail address").fill(at_acme.address)
    visitor.page.get_by_label("Password", exact=True).fill(at_acme.password)
    visitor.page.get_by_role("button", name="Sign in").click()
    expect(visitor.page.get_by_role("heading", name="Only for acme")).to_be_visible()


def test_completion_offers_nobody_of_the_other_platform(product: Product, visitors: Visitors) -> None:
    at_acme, _at_globex, _letters = _pat_on_both(product, "completion")
    visitor = visitors.come_as(at_acme)
    visitor.new_message()
    visitor.page.get_by_role("combobox", name="To", exact=True).press_sequentially("Sender")
    people = visitor.page.get_by_role("listbox", name="To")
    expect(people.get_by_role("option")).to_have_count(1)
    expect(people).to_contain_text("Sender at acme")
