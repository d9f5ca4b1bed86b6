"""The main journey: write to somebody unknown, be read, be answered, take it back."""

import os
from playwright.sync_api import expect

from tests.journeys.product import Person, Product
from tests.journeys.visitors import Visitors, phone

def snap(v, name): v.page.screenshot(path=f"/tmp/h/{name}.png")

def test_smoke(product: Product, visitors: Visitors) -> None:
    nora = product.member(Person("Nora Lindqvist", "nora@acme.example"))
    tomas = product.member(Person("Tomás Ortega", "tomas@acme.example"))
    v = visitors.come(); v.go("/sign-in/"); snap(v, "signin")
    v = visitors.come(on=phone); v.go("/sign-in/"); snap(v, "signin390")
    product.ask("send", host="acme.localhost", by="nora@acme.example", to=["tomas@acme.example"], subject="Hartmann estate: draft distribution", html="<p>Dear Tomás</p>")
    for scheme, on, tag in [("light", None, "1440"), ("dark", None, "1440d"), ("light", phone, "390")]:
        o = {"on": on} if on else {}
        writer = visitors.come_as(nora, color_scheme=scheme, **o)
        if on: writer.page.get_by_role("button", name="Write").click()
        else: writer.new_message()
        writer.page.get_by_role("combobox", name="To", exact=True).type("Tom")
        expect(writer.page.get_by_role("option", name="Tomás")).to_be_visible()
        snap(writer, f"complete{tag}")
        writer.page.keyboard.press("ArrowDown"); writer.page.keyboard.press("Enter")
        writer.write(to="m.adler@adler-notare.example", subject="Power of attorney for Thursday", text="Dear Ms Adler,\nenclosed is the power of attorney for the hearing on Thursday. Please sign it with one click; Mr Ortega follows in copy.")
        writer.write(to="nonsense@@x")
        expect(writer.page.get_by_text("Draft saved")).to_be_visible()
        snap(writer, f"compose{tag}")
        if on: writer.page.screenshot(path="/tmp/h/compose390full.png", full_page=True)
        writer.page.get_by_role("button", name="Remove nonsense").click()
        writer.send()
        expect(writer.page.get_by_role("dialog")).to_be_visible()
        snap(writer, f"newuser{tag}")
        writer.page.get_by_role("link", name="Back to the draft").click()
        expect(writer.page.get_by_role("button", name="Remove m.adler")).to_be_focused()
        snap(writer, f"marked{tag}")
        writer.go("/account/"); writer.page.screenshot(path=f"/tmp/h/account{tag}.png", full_page=True)
