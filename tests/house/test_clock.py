"""Only a door reads the clock, and only the kernel knows Django's `atomic`."""

import subprocess
import sys
from pathlib import Path

import pytest

root = Path(__file__).resolve().parents[2]
ruff = Path(sys.executable).with_name("ruff")

reading_the_clock = "from django.utils import timezone\n\nnow = timezone.now()\n"
own_transaction = "from django.db import transaction\n\nwith transaction.atomic():\n    pass\n"


def banned(code: str, *, at: str) -> bool:
    """Whether ruff's list of banned names stops this code in this file."""
    command = [str(ruff), "check", "--no-cache", "--select", "TID251", "--stdin-filename", at, "-"]
    outcome = subprocess.run(command, cwd=root, input=code, capture_output=True, text=True, check=False)
    return "TID251" in outcome.stdout


@pytest.mark.parametrize(
    ("place", "may"),
    [
        ("letterlock/domain/mailbox/astray.py", False),
        ("letterlock/foundation/vault/astray.py", False),
        ("letterlock/doors/web/mailbox/astray.py", True),
        ("letterlock/doors/commands/astray.py", True),
    ],
)
def test_who_reads_the_clock(place: str, *, may: bool) -> None:
    assert banned(reading_the_clock, at=place) is not may


@pytest.mark.parametrize(
    ("place", "may"),
    [
        ("letterlock/domain/mailbox/astray.py", False),
        ("letterlock/doors/web/mailbox/astray.py", False),
        ("letterlock/foundation/outbox/astray.py", False),
        ("letterlock/foundation/kernel/transactions.py", True),
    ],
)
def test_who_opens_transactions_of_django(place: str, *, may: bool) -> None:
    assert banned(own_transaction, at=place) is not may
