"""Each ast-grep rule catches what it forbids where it forbids it, and has a test of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

root = Path(__file__).resolve().parents[2]
ast_grep = Path(sys.executable).with_name("ast-grep")

violations = [
    ("no-orm-writes-in-doors", "doors/web/astray.py", "Draft.objects.create(author=account)"),
    ("no-http-below-doors", "domain/mailbox/astray.py", "from django.http import HttpResponse"),
    ("no-http-below-doors", "foundation/kernel/astray.py", "from django.shortcuts import render"),
    ("no-templates-below-doors", "domain/mailbox/astray.py", "from django.template import loader"),
    ("no-private-module-of-another-room", "domain/notices/astray.py", "from letterlock.domain.mailbox import _sealing"),
    ("no-print", "domain/policies/astray.py", "print('seen')"),
    ("constant-log-events", "domain/accounts/astray.py", "log.info(f'Signed in {account.id}')"),
]


def scan(house: Path) -> subprocess.CompletedProcess[str]:
    command = [str(ast_grep), "scan", "--color", "never", "letterlock"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("rule", "file", "line"), violations)
def test_a_violation_is_caught(tmp_path: Path, rule: str, file: str, line: str) -> None:
    shutil.copy(root / "sgconfig.yml", tmp_path)
    shutil.copytree(root / "dev/rules", tmp_path / "dev/rules")
    astray = tmp_path / "letterlock" / file
    astray.parent.mkdir(parents=True)
    astray.write_text(f"{line}\n")

    outcome = scan(tmp_path)

    assert outcome.returncode != 0
    assert f"error[{rule}]" in outcome.stdout


def test_every_rule_has_its_own_test() -> None:
    rules = {file.stem for file in (root / "dev/rules/python").glob("*.yml")}
    tested = {file.stem.removesuffix("-test") for file in (root / "dev/rules/tests").glob("*-test.yml")}
    assert rules == tested
    assert rules == {rule for rule, _, _ in violations}
