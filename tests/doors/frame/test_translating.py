"""A made-up language: every word the product says stands in ⟦brackets⟧, so whatever does not was never translated."""

import re
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from django.utils import translation
from django.utils.translation import trans_real
from pytest_django import Settings

from letterlock.domain.mailbox import recalling
from tests.cast import People, visit
from tests.domain.mailbox import desks
from tests.domain.mailbox.letters import later, send
from tests.doors.web.mailbox.doors import address_of, open_letter
from tests.once import only_once

pytestmark = only_once

root = Path(__file__).resolve().parents[3]
spoken_attributes = {"aria-label", "title", "placeholder", "alt"}
keywords = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}
#: What is data and no word of ours: names, addresses, numbers, codes, times. Times are English so far (times.py).
data = re.compile(
    r"\S+@\S+|LL-\w+-\w+|acme\.localhost\S*|Acme Legal|Alice Ashdown|Bob Brennan|Quarterly figures|Figures"
    r"|An unknown program|Chromium on Linux|today at|Re:|https://|\d+(?::\d\d)* (?:am|pm|vorm\.|nachm\.)|UTC"
    r"|Today|Yesterday|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\d+ [A-Z][a-z]{2,8}(?: \d{4})?|\b[A-Z]{1,2}\b"
)
zones = re.compile(r'<select[^>]*name="time_zone".*?</select>', re.DOTALL)


class Page(HTMLParser):
    """Everything on a page that somebody reads or hears."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said = [""]
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.said += [value for name, value in attrs if value and name in spoken_attributes | _own(name)]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said[0] += f"\n{data}"  # a sentence may have a time or a link in its midst


def _own(name: str) -> set[str]:
    return {name} if name.startswith("data-says-") else set()


@cache
def _catalogue() -> Catalog:
    mapping = ConfigParser()
    mapping.read(root / "dev/translations.cfg")
    methods, options = [], {}
    for section in mapping.sections():
        method, pattern = section.split(": ")
        methods.append((pattern, method))
        options[pattern] = dict(mapping[section])
    catalogue = Catalog(locale="de")
    found = extract_from_dir(root, methods, options, keywords=keywords, comment_tags=())
    for _file, _line, words, _comments, context in found:
        plural = isinstance(words, tuple)
        marked = tuple(f"⟦{one}⟧" for one in words) if plural else f"⟦{words}⟧"
        catalogue.add(words, marked, context=context)
    return catalogue


@pytest.fixture
def made_up(tmp_path: Path, settings: Settings) -> Iterator[None]:
    folder = tmp_path / "de/LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, _catalogue())
    settings.LOCALE_PATHS = [tmp_path]
    trans_real._translations.clear()
    with translation.override("de"):
        yield
    trans_real._translations.clear()


def untranslated(page: str) -> list[str]:
    """The pieces with letters in them that are neither translated nor data."""
    pieces = [
        piece
        for said in Page(zones.sub("", page)).said
        for piece in data.sub("", _without_translated(said)).split("\n")
    ]
    return [piece.strip() for piece in pieces if re.search(r"[^\W\d_]", piece)]


def _without_translated(said: str) -> str:
    innermost = re.compile(r"⟦[^⟦⟧]*⟧")
    while innermost.search(said):
        said = innermost.sub("", said)
    return said


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize("path", ["/sign-in/", "/password/reset/"])
def test_pages_before_signing_in_say_nothing_untranslated(people: People, path: str) -> None:
    browser = visit(people.alice)
    browser.cookies.clear()
    page = browser.get(path).content.decode()
    assert "⟦" in page
    assert untranslated(page) == []


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize("folder", ["inbox", "drafts", "sent", "archive", "trash"])
def test_folders_say_nothing_untranslated(people: People, folder: str) -> None:
    send(people.alice, to=[people.bob])
    desks.write(people.alice, to=("bob@client.example",), subject="Figures")
    page = visit(people.alice).get(f"/folders/{folder}/").content.decode()
    assert untranslated(page) == []


@pytest.mark.usefixtures("made_up")
def test_a_message_with_its_slip_and_its_recall_says_nothing_untranslated(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    open_letter(message, visit(people.bob))
    browser = visit(people.alice)
    for part in ("", "slip/", "history/", "recall/"):
        assert untranslated(browser.get(address_of(message, part)).content.decode()) == []
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later())
    for reader in (people.alice, people.bob):
        assert untranslated(visit(reader).get(address_of(message)).content.decode()) == []


@pytest.mark.usefixtures("made_up")
def test_writing_and_the_account_say_nothing_untranslated(people: People) -> None:
    draft = desks.write(people.alice, to=("bob@client.example",), subject="Figures", html="")
    browser = visit(people.alice)
    for path in (f"/drafts/{draft.id}/", f"/drafts/{draft.id}/discard/", "/account/", "/notices/"):
        assert untranslated(browser.get(path).content.decode()) == []
