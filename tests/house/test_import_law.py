"""A deliberate violation of each import contract is caught, by that contract."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

root = Path(__file__).resolve().parents[2]
linter = Path(sys.executable).with_name("lint-imports")

violations = [
    ("bands", "foundation/kernel/astray.py", "import letterlock.domain.platforms"),
    ("bands", "domain/policies/astray.py", "import letterlock.config"),
    ("bands", "utils/__init__.py", ""),
    ("domain", "domain/platforms/astray.py", "import letterlock.domain.mailbox"),
    ("domain", "domain/helpers/__init__.py", ""),
    ("foundation", "foundation/audit/astray.py", "import letterlock.foundation.outbox"),
    ("foundation", "foundation/kernel/astray.py", "import letterlock.foundation.vault"),
    ("doors", "doors/web/astray.py", "import letterlock.doors.commands"),
    ("doors", "doors/frame/astray.py", "import letterlock.doors.web"),
    ("no-http-inside", "domain/notices/astray.py", "import aiosmtpd"),
    ("one-place-for-ciphers", "domain/mailbox/astray.py", "import cryptography"),
    ("acyclic", "config/astray.py", "import letterlock.config.led_back"),
]
names = {
    "bands": "Doors use the domain, the domain stands on the foundation, nothing looks up",
    "domain": "Domain rooms import only the rooms below them",
    "foundation": "Audit and outbox do not know one another; they stand on the vault and the kernel",
    "doors": "Doors do not know one another, only the frame",
    "no-http-inside": "The domain and the foundation never speak HTTP or SMTP",
    "one-place-for-ciphers": "Only the vault touches ciphers",
    "acyclic": "No package has a cycle among its children",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package that may be spoilt."""
    shutil.copytree(
        root / "letterlock", tmp_path / "letterlock", ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def check_imports(house: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(linter), "--no-cache", "--config", "pyproject.toml"]
    if contract:
        command += ["--contract", contract]
    environment = {**os.environ, "PYTHONPATH": str(house), "COLUMNS": "200"}
    return subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, check=False)


def test_the_house_as_it_stands_keeps_every_contract(house: Path) -> None:
    outcome = check_imports(house)
    assert outcome.returncode == 0, outcome.stdout
    assert all(name in outcome.stdout for name in names.values())


@pytest.mark.parametrize(("contract", "file", "line"), violations)
def test_a_violation_is_caught_by_its_contract(house: Path, contract: str, file: str, line: str) -> None:
    astray = house / "letterlock" / file
    astray.parent.mkdir(exist_ok=True)
    astray.write_text(f"{line}\n")
    if contract == "acyclic":
        (house / "letterlock/config/led_back.py").write_text("import letterlock.config.astray\n")

    outcome = check_imports(house, contract)

    assert outcome.returncode == 1, outcome.stdout
    assert any(names[contract] in line and line.endswith("BROKEN") for line in outcome.stdout.splitlines())
