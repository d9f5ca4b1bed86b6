"""Reads the vectors of `tests/vectors/<format>/`, and turns their contexts into the vault's."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from letterlock.foundation.vault.sealing import Context

folder = Path(__file__).resolve().parents[2] / "vectors"


def cases(name: str) -> pytest.MarkDecorator:
    """The cases of one file, as the parameter `case`, each named in words."""
    found: list[dict[str, Any]] = json.loads((folder / name).read_text())["cases"]
    return pytest.mark.parametrize("case", found, ids=[case["name"] for case in found])


def content_of(case: dict[str, Any]) -> bytes:
    """The plaintext: hexadecimal, or so many times the same bytes."""
    given = case["plaintext"]
    if isinstance(given, str):
        return bytes.fromhex(given)
    return bytes.fromhex(given["repeat"]) * int(given["times"])


def context_of(given: dict[str, Any]) -> Context:
    """The vault's context of a vector's."""
    return Context(
        platform_id=UUID(given["platform"]),
        purpose=given["purpose"],
        object_id=UUID(given["object"]),
        holder_id=UUID(given["holder"]) if given.get("holder") else None,
        generation=given["generation"],
    )
