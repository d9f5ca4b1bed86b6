"""Every suppression names its rule and its reason, and there are no more of them than there were.

`dev/ratchets.json` keeps the count for each kind. Fewer than it says: lower it with `--lower`. More: fails.
"""

import io
import json
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

root = Path(__file__).resolve().parents[1]
ratchets = root / "dev/ratchets.json"

kinds = {
    "noqa": re.compile(r"#\s*noqa(?P<rules>:\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)?(?P<reason>.*)"),
    "type: ignore": re.compile(r"#\s*type:\s*ignore(?P<rules>\[[\w, -]+\])?(?P<reason>.*)"),
    "pragma: no cover": re.compile(r"#\s*pragma:\s*no (?:cover|branch)(?P<rules>)(?P<reason>.*)"),
    "eslint-disable": re.compile(r"eslint-disable[\w-]*(?P<rules>\s+[@\w/,\s-]+?)?(?P<reason>\s--.*|$)"),
    "ast-grep-ignore": re.compile(r"ast-grep-ignore(?P<rules>:\s*[\w-]+)?(?P<reason>.*)"),
    "allowlist secret": re.compile(r"pragma: allowlist (?:nextline )?secret(?P<rules>)(?P<reason>.*)"),
}
searched = ["letterlock/**/*.py", "tests/**/*.py", "dev/**/*.py", "bench/**/*.py", "letterlock/**/*.ts"]
a_reason = re.compile(r"\s*(?:--|#|–)\s*\S+(?:\s+\S+)+")


def suppressions(house: Path) -> Iterator[tuple[str, str, bool]]:
    """(kind, place, whether rule and reason are there) for each suppression in the house."""
    for pattern in searched:
        for file in sorted(house.glob(pattern)):
            if "node_modules" in file.parts or "built" in file.parts or file == Path(__file__):
                continue
            yield from _in_file(file, house)


def verdict(house: Path, allowed: dict[str, int]) -> list[str]:
    """What is wrong, one sentence each."""
    found = list(suppressions(house))
    bare = [f"{place}: a suppression needs its rule and its reason." for _, place, complete in found if not complete]
    counts = Counter(kind for kind, _, _ in found)
    grown = [
        f"{counts[kind]} × {kind!r}, but dev/ratchets.json allows {allowed.get(kind, 0)}: remove one, or argue for it."
        for kind in kinds
        if counts[kind] > allowed.get(kind, 0)
    ]
    return bare + grown


def _in_file(file: Path, house: Path) -> Iterator[tuple[str, str, bool]]:
    for number, line in _comments(file):
        for kind, pattern in kinds.items():
            if match := pattern.search(line):
                needs_rules = kind not in {"pragma: no cover", "allowlist secret"}
                complete = bool(a_reason.match(match["reason"])) and (bool(match["rules"]) or not needs_rules)
                yield kind, f"{file.relative_to(house)}:{number}", complete


def _comments(file: Path) -> Iterator[tuple[int, str]]:
    """In Python the comments alone, so that a test may speak of suppressions in its strings."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        yield from enumerate(text.splitlines(), start=1)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _lower() -> None:
    counts = Counter(kind for kind, _, _ in suppressions(root))
    kept = json.loads(ratchets.read_text())
    kept["suppressions"] = {kind: min(counts[kind], kept["suppressions"].get(kind, counts[kind])) for kind in kinds}
    ratchets.write_text(json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    if "--lower" in sys.argv:
        _lower()
    wrong = verdict(root, json.loads(ratchets.read_text())["suppressions"])
    print("\n".join(wrong) or "Every suppression has its rule and its reason, and there are no new ones.")
    sys.exit(bool(wrong))
