"""A whole journey over real HTTP, with words that can be found again in everything anybody types."""

import re
import secrets
import subprocess
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from letterlock.config import serving
from tests.journeys.product import Person, Product, root
from tests.patience import wait_until
from tests.thief import machine
from tests.thief.walking import Answer, Walker

stem = f"zq{secrets.token_hex(6)}"
typed = (
    "subject", "body", "picture name", "picture", "reason", "password", "new password", "guest's password",
    "wrong password", "weak password", "draft", "draft subject", "search", "address of a page", "query of a page",
    "text at the error", "name", "address", "name of the writer",
)  # fmt: skip
words = {name: f"{stem}{number:02}" for number, name in enumerate(typed)}
damage_the_newest_draft = """
    UPDATE mailbox_part SET sealed = substr(sealed, 2) WHERE id =
        (SELECT id FROM mailbox_part WHERE owner_kind = 'draft' AND kind = 'body' ORDER BY id DESC LIMIT 1)
"""
session_cookie, browser_cookie = "__Host-letterlock", "__Host-letterlock-browser"


@dataclass
class Story:
    """What was typed, and what the product made up: everything that is looked for."""

    product: Product
    markers: dict[str, bytes] = field(default_factory=lambda: {name: word.encode() for name, word in words.items()})
    walkers: list[Walker] = field(default_factory=list)

    def walker(self) -> Walker:
        self.walkers.append(Walker(self.product, network=f"10.7.0.{len(self.walkers) + 1}"))
        return self.walkers[-1]

    def note_cookies(self, walker: Walker, whose: str) -> None:
        for name in (session_cookie, browser_cookie):
            self.markers[f"{whose} cookie {name}"] = walker.cookies[name].encode()

    @property
    def refused(self) -> list[bytes]:
        return [page for walker in self.walkers for page in walker.refused]


writer = Person(f"Wanda {words['name of the writer']}", f"wanda.{stem}@acme.example", password=words["password"])
guest_address = f"{words['address']}@strangers.example"
guest_name = f"Gustav {words['name']}"


def tell(product: Product) -> tuple[Story, str]:
    """Everything up to the recall; the story, and the id of the letter."""
    story = Story(product)
    product.member(writer)
    wanda = _sign_in(story)
    letter = _write(story, wanda)
    _make_errors(story, wanda)
    gustav = _register(story)
    opened = gustav.post(f"/messages/{letter}/openings/", {"view": "letter"})
    assert words["body"] in opened.text  # the words are there to be found: the guest reads them
    _reset(story)
    _meet_a_gossiping_relay(story, wanda)
    return story, letter


def recall(story: Story, letter: str) -> None:
    """The writer takes the letter back, own copy and all."""
    answer = story.walkers[0].post(f"/messages/{letter}/recall/", {"reason": words["reason"], "destroy_own_copy": "on"})
    _demand(answer, HTTPStatus.FOUND)


def back_up(product: Product, folder: Path) -> None:
    """What an operator does every hour."""
    command = serving.letterlock("backup", str(folder)).command
    subprocess.run(command, env=product.environment, cwd=root, check=True, capture_output=True)


def _sign_in(story: Story) -> Walker:
    wanda = story.walker()
    wanda.get("/sign-in/")
    fields = {"address": writer.address, "next": "/"}
    _demand(wanda.post("/sign-in/", fields | {"password": words["wrong password"]}), HTTPStatus.UNPROCESSABLE_ENTITY)
    _demand(wanda.post("/sign-in/", fields | {"password": writer.password}), HTTPStatus.FOUND)
    story.note_cookies(wanda, "writer's")
    return wanda


def _write(story: Story, wanda: Walker) -> str:
    wanda.get(f"/people/?q={words['search']}")
    _save(wanda, _start(wanda), subject=words["draft subject"], html=f"<p>{words['draft']}</p>")
    path = _start(wanda)
    picture = b"\x89PNG\r\n\x1a\n" + words["picture"].encode()
    added = wanda.post_file(f"{path}pictures/", name=f"{words['picture name']}.png", content=picture)
    reference = re.findall(r"[0-9a-f-]{36}", added.text)[0]
    body = f'<p>Über {words["body"]} &amp; mehr</p><p><img src="{path}pictures/{reference}/" alt="plan"></p>'
    _save(wanda, path, to=guest_address, subject=f"Größe: {words['subject']}", html=body)
    sent = _send(wanda, path)
    return re.findall(r"/messages/([0-9a-f-]{36})/", sent.redirect)[0]


def _start(wanda: Walker) -> str:
    started = wanda.post("/drafts/", {})
    _demand(started, HTTPStatus.FOUND)
    return started.location


def _save(wanda: Walker, path: str, **fields: str) -> Answer:
    version = wanda.get(path).field("version")
    saved = wanda.post_json(path, {"version": version, **fields})
    _demand(saved, HTTPStatus.OK)
    return saved


def _send(wanda: Walker, path: str) -> Answer:
    page = wanda.get(path)
    fields = {name: page.field(name) for name in ("version", "idempotency_key")}
    sent = wanda.post(f"{path}sending/", fields | {"invite": "yes"}, **{"HX-Request": "true"})
    assert sent.redirect, sent.text
    return sent


def _make_errors(story: Story, wanda: Walker) -> None:
    """A page that is not there, a form that is refused, and a row that the disk has damaged."""
    _demand(wanda.get(f"/{words['address of a page']}/?q={words['query of a page']}"), HTTPStatus.NOT_FOUND)
    _demand(wanda.get(f"/messages/{uuid4()}/?q={words['query of a page']}"), HTTPStatus.NOT_FOUND)
    path = _start(wanda)
    version = wanda.get(path).field("version")
    too_long = {"version": version, "subject": words["text at the error"] * 200}
    _demand(wanda.post_json(path, too_long), HTTPStatus.UNPROCESSABLE_ENTITY)
    _demand(wanda.post_json(path, {"version": words["text at the error"]}), HTTPStatus.UNPROCESSABLE_ENTITY)
    _save(wanda, path, subject="soon damaged", html="<p>soon damaged</p>")
    machine.query(story.product, "database", damage_the_newest_draft)
    broken = {"version": "2", "html": f"<p>{words['text at the error']}</p>"}
    _demand(wanda.post_json(path, broken), HTTPStatus.INTERNAL_SERVER_ERROR)
    _demand(wanda.post(path, broken), HTTPStatus.INTERNAL_SERVER_ERROR)


def _register(story: Story) -> Walker:
    link = story.product.mailroom.invitation_for(guest_address).link
    story.markers["invitation's token"] = _token_in(link)
    path = link.partition("localhost")[2].partition("/")[2]
    gustav = story.walker()
    gustav.get(f"/{path}")
    _break_the_page_of_the_link(story, gustav, f"/{path}")
    form = {"name": guest_name, "terms": "on"}
    _demand(gustav.post(f"/{path}", form | {"password": words["weak password"][:11]}), HTTPStatus.UNPROCESSABLE_ENTITY)
    asked = gustav.post(f"/{path}", form | {"password": words["guest's password"]})
    _demand(asked, HTTPStatus.FOUND)
    code = story.product.mailroom.code_for(guest_address)
    _note_code(story, "code to register", code)
    wrong = f"{(int(re.sub('[^0-9]', '', code)) + 1) % 10**8:08}"
    _demand(gustav.post(asked.location, {"code": wrong}), HTTPStatus.UNPROCESSABLE_ENTITY)
    _demand(gustav.post(asked.location, {"code": code}), HTTPStatus.FOUND)
    story.note_cookies(gustav, "guest's")
    return gustav


def _break_the_page_of_the_link(story: Story, gustav: Walker, path: str) -> None:
    """A defect on the very page whose address carries a token: half of an upgrade, with a table that is not there."""
    form = {"name": guest_name, "terms": "on", "password": words["guest's password"]}
    machine.query(story.product, "database", "ALTER TABLE accounts_challenge RENAME TO accounts_challenge_to_be")
    _demand(gustav.post(path, form), HTTPStatus.INTERNAL_SERVER_ERROR)
    machine.query(story.product, "database", "ALTER TABLE accounts_challenge_to_be RENAME TO accounts_challenge")


def _reset(story: Story) -> None:
    forgetful = story.walker()
    forgetful.get("/password/reset/")
    asked = forgetful.post("/password/reset/", {"address": guest_address})
    before = story.markers["code to register, spaced"].decode()
    code = story.product.mailroom.code_for(guest_address, but=before)
    _note_code(story, "code to reset", code)
    set_ = forgetful.post(asked.location, {"code": code, "password": words["new password"]})
    _demand(set_, HTTPStatus.FOUND)
    story.note_cookies(forgetful, "cookie after the reset,")


def _note_code(story: Story, name: str, code: str) -> None:
    story.markers[f"{name}, spaced"] = code.encode()
    story.markers[name] = re.sub("[^0-9]", "", code).encode()


def _meet_a_gossiping_relay(story: Story, wanda: Walker) -> None:
    """A mail server that quotes what it refuses: the link, as filters against bad addresses do."""
    address = f"gossip.{stem}@strangers.example"
    story.product.mailroom.refuse_and_quote(address)
    path = _start(wanda)
    _save(wanda, path, to=address, subject=f"Again: {words['subject']}", html=f"<p>{words['body']}</p>")
    letter = _send(wanda, path).redirect
    wait_until(lambda: "Not delivered" in wanda.get(f"{letter}slip/").text, "the mail is refused", story.product.logs)
    quoted = story.product.mailroom.quoted[address]
    assert quoted
    story.markers["token that a mail server quoted"] = _token_in(quoted.link)


def _token_in(link: str) -> bytes:
    """What proves something in a link: the last step of its path, before the message that it leads to."""
    return urlsplit(link).path.rstrip("/").rpartition("/")[2].encode()


def _demand(answer: Answer, status: int) -> None:
    assert answer.status == status, f"{answer.status} instead of {status}: {answer.text[:3000]}"
