"""Lists of addresses, pasted from anywhere."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letterlock.domain.policies import limits, pasting
from letterlock.domain.policies.pasting import Typed


def entries(text: str) -> list[tuple[str, str]]:
    return [(typed.name, typed.address) for typed in pasting.split_typed(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" ,;\n", []),
        ("a@x.example", [("", "a@x.example")]),
        ("a@x.example, b@x.example;c@x.example\r\nd@x.example", [("", f"{each}@x.example") for each in "abcd"]),
        ("a@x.example b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        ("Ann Ash <a@x.example>", [("Ann Ash", "a@x.example")]),
        ('"Ash, Ann" <a@x.example>; Bo <b@x.example>,', [("Ash, Ann", "a@x.example"), ("Bo", "b@x.example")]),
        (r'"The \"Boss\"" <a@x.example>', [('The "Boss"', "a@x.example")]),
        ("Ann <a@x.example> Bo <b@x.example>", [("Ann", "a@x.example"), ("Bo", "b@x.example")]),
        ('"two words"@x.example, b@x.example', [("", '"two words"@x.example'), ("", "b@x.example")]),
        ('Ann <"two, words"@x.example>', [("Ann", '"two, words"@x.example')]),
        ('Ann "unclosed <a@x.example>', [('Ann "unclosed', "a@x.example")]),
        ("Ann <a@x.example", [("", "Ann <a@x.example")]),
        ("Ann\nBo <b@x.example>", [("", "Ann"), ("Bo", "b@x.example")]),
        ("not an address", [("", "not an address")]),
    ],
)
def test_a_list_is_split_where_a_person_would(text: str, expected: list[tuple[str, str]]) -> None:
    assert entries(text) == expected


@given(st.text(max_size=300))
def test_any_text_is_split_and_no_entry_has_a_line_break(text: str) -> None:
    for typed in pasting.split_typed(text):
        assert "\r" not in typed.address + typed.name
        assert "\n" not in typed.address + typed.name


@given(st.lists(st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True), max_size=20))
def test_joined_addresses_come_apart_again(addresses: list[str]) -> None:
    expected = [Typed(name="", address=address) for address in addresses]
    for separator in (", ", "; ", "\n", " "):
        assert pasting.split_typed(separator.join(addresses)) == expected


@pytest.mark.parametrize("piece", ['"', "<", '<"', '"\\', "a,", '\\"', "<a", "@ "])
def test_a_hostile_list_costs_no_more_than_a_long_one(piece: str) -> None:
    text = piece * (limits.pasted_addresses_characters // len(piece) + 1)
    begin = time.process_time()
    pasting.split_typed(text)

    assert time.process_time() - begin < 2
