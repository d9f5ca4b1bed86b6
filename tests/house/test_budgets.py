"""Budgets, suppressions and locks: each checker finds a planted breach, and none in the house as it stands."""

import json
from pathlib import Path

import pytest

from dev import budgets, locks, suppressions

root = Path(__file__).resolve().parents[2]


def plant(house: Path, file: str, text: str) -> None:
    path = house / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("file", "lines"),
    [
        ("letterlock/domain/mailbox/sending.py", 501),
        ("letterlock/foundation/kernel/pages.py", 501),
        ("letterlock/doors/web/templates/mailbox/message.html", 151),
        ("letterlock/doors/web/islands/local-time.ts", 151),
    ],
)
def test_a_file_that_grew_too_long_is_named(tmp_path: Path, file: str, lines: int) -> None:
    plant(tmp_path, file, "x = 1\n" * lines)
    assert any(breach.startswith(file) for breach in budgets.breaches(tmp_path))


@pytest.mark.parametrize("place", ["utils/__init__.py", "domain/common.py", "doors/web/helpers/words.py"])
def test_a_name_that_says_nothing_is_refused(tmp_path: Path, place: str) -> None:
    plant(tmp_path, f"letterlock/{place}", "")
    assert any("says nothing" in breach for breach in budgets.breaches(tmp_path))


def test_the_house_keeps_its_budgets() -> None:
    assert list(budgets.breaches(root)) == []


@pytest.mark.parametrize("bare", ["x = 1  # noqa", "x = 1  # noqa: S105", "x = 1  # type: ignore[attr-defined]"])
def test_a_suppression_without_its_reason_is_named(tmp_path: Path, bare: str) -> None:
    plant(tmp_path, "letterlock/astray.py", bare)
    assert "letterlock/astray.py:1" in suppressions.verdict(tmp_path, {"noqa": 1, "type: ignore": 1})[0]


def test_one_more_suppression_than_before_fails(tmp_path: Path) -> None:
    plant(tmp_path, "letterlock/astray.py", "x = 1  # noqa: S105 -- no secret at all\n" * 2)
    assert suppressions.verdict(tmp_path, {"noqa": 2}) == []
    assert len(suppressions.verdict(tmp_path, {"noqa": 1})) == 1


def test_the_house_has_no_more_suppressions_than_its_ratchet_allows() -> None:
    assert suppressions.verdict(root, json.loads((root / "dev/ratchets.json").read_text())["suppressions"]) == []


def test_a_lock_that_names_a_host_is_refused(tmp_path: Path) -> None:
    plant(tmp_path, "requirements/app.txt", "--index-url https://mirror.example/simple\nDjango==5.2\n")
    plant(tmp_path, "package-lock.json", '{"packages": {"node_modules/a": {"resolved": "https://mirror.example/a"}}}')
    assert len(list(locks.breaches(tmp_path))) == 4


def test_the_locks_of_the_house_name_no_host() -> None:
    assert list(locks.breaches(root)) == []
