"""Names, and what a mail may show of them."""

import pytest

from letterlock.domain.policies import names
from letterlock.domain.policies.names import InvalidName


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Alice Ashdown", "Alice Ashdown"), ("  Bob   B. ", "Bob B."), ("Zoe\u0308", "Zo\u00eb"), ("李 小龙", "李 小龙")],
)
def test_a_name_is_tidied(typed: str, name: str) -> None:
    assert names.read_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "a@b", "https://x", "a:b", "a/b", "x" * 65, "a\u202eb", "a\u0000b", "a\u200bb", "a\u2066b", "\ue000"],
)
def test_a_name_that_could_deceive_is_refused(typed: str) -> None:
    with pytest.raises(InvalidName):
        names.read_name(typed)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "ceo\uff20acme",
            "ceo\ufe6bacme",
            "https\uff1ax",
            "a\uff0fb",
            "acme.example\u2215x",
            "acme\u2044x",
            "a\ua789b",
        ),
        *("\u3164", "\u2800\u2800", "\u115f", "Al\uffa0ice"),
        *("=?utf-8?q?ceo=40acme?=", "Al =?utf-8?b?Y2Vv?=", "\uff1d\uff1futf-8"),
    ],
)
def test_a_name_that_only_looks_harmless_is_refused(typed: str) -> None:
    with pytest.raises(InvalidName):
        names.read_name(typed)


def test_a_line_break_becomes_a_space() -> None:
    assert names.read_name("Alice\r\nBcc") == "Alice Bcc"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Alice Ashdown", "Alice Ashdown"),
        ("Alice B. Ashdown", "Alice B. Ashdown"),
        ("evil.example", "a@x.example"),
        ("Visit evil.example now", "a@x.example"),
        ("Dr.Who", "a@x.example"),
        ("v.2", "v.2"),
        ("evil\uff0eexample", "a@x.example"),
        ("evil\u2024example", "a@x.example"),
        ("evil\u3002example", "a@x.example"),
        ("=?utf-8?q?x?=", "a@x.example"),
        ("", "a@x.example"),
        ("a@b", "a@x.example"),
    ],
)
def test_a_mail_shows_the_address_of_whoever_has_a_name_like_a_link(name: str, shown: str) -> None:
    assert names.mail_name(name, address="a@x.example") == shown
