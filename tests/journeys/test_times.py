"""One instant, as people in different places read it (claims 85 to 90)."""

from playwright.sync_api import expect

from tests.journeys.product import Person, Product, acme
from tests.journeys.visitors import Visitor, Visitors
from tests.once import only_once

seattle, new_york, tokyo = "America/Los_Angeles", "America/New_York", "Asia/Tokyo"


def _letter(product: Product, name: str, *, at: str) -> tuple[Person, str]:
    """Somebody who has received a letter at this instant, and the letter's path."""
    sender = product.member(Person("Sam Sender", f"sam.{name}@acme.example"))
    reader = product.member(Person("Rita Reader", f"rita.{name}@acme.example"))
    message = product.ask(
        "send", host=acme, by=sender.address, to=[reader.address], subject=name, html="<p>x</p>", at=at
    )
    return reader, f"/messages/{message}/"


def _reading(visitors: Visitors, reader: Person, path: str, zone: str) -> Visitor:
    visitor = visitors.come_as(reader, timezone_id=zone)
    visitor.open_letter(path)
    return visitor


def test_seattle_reads_2_45_pm_where_new_york_reads_5_45_pm(product: Product, visitors: Visitors) -> None:
    reader, path = _letter(product, "coasts", at="2026-01-15T22:45:00+00:00")
    for zone, clock, name in [(seattle, "2:45 pm", "Pacific Time"), (new_york, "5:45 pm", "Eastern Time")]:
        visitor = _reading(visitors, reader, path, zone)
        expect(visitor.page.locator(".from__when")).to_contain_text(f"15 Jan, {clock}")
        expect(visitor.page.locator(".from__when")).to_contain_text(name)
        expect(visitor.page.locator(".from__when time")).to_have_attribute("title", "2026-01-15 22:45:00 UTC")
    assert product.ask("instants", message=path.split("/")[2]) == ["2026-01-15T22:45:00+00:00"]


@only_once
def test_an_event_beyond_the_change_of_clocks_has_the_offset_of_its_own_time(
    product: Product, visitors: Visitors
) -> None:
    # New York was four hours behind UTC in July; it is five behind in November, when this is read.
    reader, path = _letter(product, "summer", at="2026-07-04T21:45:00+00:00")
    visitor = _reading(visitors, reader, path, new_york)
    expect(visitor.page.locator(".from__when")).to_contain_text("4 Jul, 5:45 pm")


@only_once
def test_the_date_is_the_local_one_across_midnight(product: Product, visitors: Visitors) -> None:
    reader, path = _letter(product, "midnight", at="2026-01-15T22:45:00+00:00")
    visitor = _reading(visitors, reader, path, tokyo)
    expect(visitor.page.locator(".from__when")).to_contain_text("16 Jan, 7:45 am")


@only_once
def test_the_same_entries_show_the_new_local_time_after_travelling(product: Product, visitors: Visitors) -> None:
    reader, path = _letter(product, "travel", at="2026-01-15T22:45:00+00:00")
    visitor = _reading(visitors, reader, path, seattle)
    expect(visitor.page.locator(".from__when")).to_contain_text("2:45 pm")
    landed = visitors.come(timezone_id=new_york, storage_state=visitor.context.storage_state())
    landed.open_letter(path)
    expect(landed.page.locator(".from__when")).to_contain_text("5:45 pm")


@only_once
def test_a_zone_set_in_the_preferences_outlasts_the_browsers(product: Product, visitors: Visitors) -> None:
    reader, path = _letter(product, "preferred", at="2026-01-15T22:45:00+00:00")
    visitor = visitors.come_as(reader, timezone_id=seattle)
    visitor.go("/account/")
    visitor.page.get_by_label("Time zone").select_option(tokyo)
    visitor.page.get_by_role("button", name="Save the preferences").click()
    expect(visitor.page.get_by_text("Your preferences are saved.")).to_be_visible()
    visitor.open_letter(path)
    expect(visitor.page.locator(".from__when")).to_contain_text("16 Jan, 7:45 am")
