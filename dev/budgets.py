"""Holds the budgets of STYLE.md that linters do not know: lengths of files, and names of folders.

Run without arguments from anywhere; prints one line for each breach and exits 1 if there is any.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

root = Path(__file__).resolve().parents[1]

budgets = [
    ("letterlock/**/*.py", 500),
    ("tests/**/*.py", 500),
    ("dev/**/*.py", 500),
    ("bench/**/*.py", 500),
    ("letterlock/**/templates/**/*.html", 150),
    ("letterlock/**/islands/*.ts", 150),
]
kernel_lines = 500
unspeakable = {"core", "common", "utils", "util", "helpers", "shared", "base", "misc", "lib"}
skipped = {"migrations", "node_modules", "built", "__pycache__"}


def breaches(house: Path) -> Iterator[str]:
    """A sentence for each file that is too long and each folder whose name says nothing."""
    yield from _long_files(house)
    yield from _long_kernel(house)
    yield from _vague_names(house)


def _long_files(house: Path) -> Iterator[str]:
    for pattern, limit in budgets:
        for file in sorted(house.glob(pattern)):
            if skipped & set(file.parts) or file.name.endswith(".test.ts"):
                continue
            lines = _lines(file)
            if lines > limit:
                yield f"{file.relative_to(house)} has {lines} lines; {limit} are allowed: it is two activities."


def _long_kernel(house: Path) -> Iterator[str]:
    total = sum(_lines(file) for file in (house / "letterlock/foundation/kernel").glob("**/*.py"))
    if total > kernel_lines:
        yield f"letterlock/foundation/kernel has {total} lines in all; {kernel_lines} are allowed."


def _vague_names(house: Path) -> Iterator[str]:
    for place in sorted((house / "letterlock").rglob("*")):
        if skipped & set(place.parts) or not (place.is_dir() or place.suffix == ".py"):
            continue
        if place.stem in unspeakable and place.parent.name != "settings":
            yield f"{place.relative_to(house)}: the name says nothing about what is inside."


def _lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    found = list(breaches(root))
    print("\n".join(found) or "Every file keeps its budget.")
    sys.exit(bool(found))
