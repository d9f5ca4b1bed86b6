"""The corpora: our own, and those of others where they lie beside the project. Theirs are read, never copied."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

theirs = Path(__file__).resolve().parents[4] / "shared/data"
ours = Path(__file__).with_name("corpus.json")


@dataclass(frozen=True, kw_only=True)
class Vector:
    """A letter that tries something.

    `fires` is how one sees that it did, where nobody stops it: "ran WORD", "dialog WORD", "asked ADDRESS",
    "touched WORD" (ran once somebody has touched it); empty where browsers differ.
    """

    name: str
    html: str
    fires: str = ""


def own_vectors() -> list[Vector]:
    """Ours, for each of which we know what it would do in Chromium."""
    return [Vector(**one) for one in _read(ours)["letters"]]


def vectors() -> list[Vector]:
    """Every letter: ours, and those of cure53/H5SC where they are."""
    file = theirs / "xss-h5sc.json"
    others = _read(file) if file.exists() else []
    return own_vectors() + [Vector(name=f"H5SC {one['id']}: {one['name']}", html=one["html"]) for one in others]


def strings() -> list[str]:
    """Every string, each once: ours, and the big list of naughty ones where it is."""
    file = theirs / "naughty-strings.json"
    others = _read(file) if file.exists() else []
    return list(dict.fromkeys([*_read(ours)["strings"], *others]))


@cache
def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
