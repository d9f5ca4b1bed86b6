"""Locks pin by hash and name no host: the same bytes, from whichever mirror a machine uses."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

root = Path(__file__).resolve().parents[1]


def breaches(house: Path) -> Iterator[str]:
    """A sentence for each lock that names a host, and for each pin without a hash."""
    for lock in sorted((house / "requirements").glob("*.txt")):
        yield from _in_requirements(lock, lock.read_text(encoding="utf-8"))
    package_lock = house / "package-lock.json"
    if package_lock.exists():
        yield from _in_package_lock(json.loads(package_lock.read_text(encoding="utf-8")))


def _in_requirements(lock: Path, text: str) -> Iterator[str]:
    if "://" in text or "--index-url" in text or "--find-links" in text:
        yield f"requirements/{lock.name} names a host."
    joined = text.replace("\\\n", " ")
    for line in joined.splitlines():
        if re.match(r"^[A-Za-z0-9]", line) and "--hash=sha256:" not in line:
            yield f"requirements/{lock.name}: {line.split()[0]} has no hash."


def _in_package_lock(lock: dict[str, dict[str, dict[str, object]]]) -> Iterator[str]:
    for name, package in lock["packages"].items():
        if "resolved" in package:
            yield f"package-lock.json: {name} says where it was fetched from; run bin/lock."
        if name and "integrity" not in package and not package.get("link"):
            yield f"package-lock.json: {name} has no hash."


if __name__ == "__main__":
    found = list(breaches(root))
    print("\n".join(found) or "Every lock pins by hash and names no host.")
    sys.exit(bool(found))
