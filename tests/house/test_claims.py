"""The page of claims names every claim once, and only tests that exist."""

import re
from pathlib import Path

root = Path(__file__).resolve().parents[2]
page = (root / "docs/claims.md").read_text()


def test_every_claim_is_on_the_page_once_and_in_order() -> None:
    assert [int(number) for number in re.findall(r"^(\d+)\. ", page, flags=re.MULTILINE)] == list(range(1, 91))


def test_every_named_test_exists() -> None:
    there = set[str]()
    for file in (root / "tests").rglob("test_*.py"):
        there |= set(re.findall(r"^def (test_\w+)", file.read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"\btest_\w+", page)) - there == {"test_function_name", "test_claims"}


def test_a_claim_names_a_test_or_says_why_not_yet() -> None:
    for line in re.findall(r"^\d+\. .*", page, flags=re.MULTILINE):
        assert re.search(r"^\d+\. not yet: \w|: test_\w", line), line
