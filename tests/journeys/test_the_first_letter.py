"""The main journey: write to somebody unknown, be read, be answered, take it back."""

from playwright.sync_api import expect

from tests.journeys.product import Person, Product
from tests.journeys.visitors import Visitors


def test_smoke(product: Product, visitors: Visitors) -> None:
    nora = product.member(Person("Nora Lindqvist", "nora@acme.example"))
    writer = visitors.come_as(nora)
    writer.new_message()
    writer.write(to="m.adler@adler-notare.example", subject="Power of attorney", text="Dear Ms Adler")
    writer.page.screenshot(path="/tmp/h/compose.png")
    writer.send()
    expect(writer.page.get_by_role("dialog")).to_be_visible()
    writer.page.screenshot(path="/tmp/h/newuser.png")
