"""Each parser refuses in one way, with one error, in bounded time (docs/hostile-input.md)."""

import re
from pathlib import Path

import pytest

from tests.cast import People
from tests.fuzz import doors, formats, texts
from tests.fuzz.conftest import Fuzz
from tests.fuzz.fuzzing import Target
from tests.once import only_once

page = Path(__file__).parents[2] / "docs/hostile-input.md"


@only_once
@pytest.mark.parametrize("target", [*texts.targets, *formats.targets], ids=lambda target: target.name)
def test_a_parser_takes_it_or_refuses_in_its_one_way(target: Target, fuzz: Fuzz) -> None:
    fuzz(target)


@pytest.mark.parametrize("name", doors.names)
def test_a_door_answers_whatever_comes(name: str, people: People, fuzz: Fuzz) -> None:
    fuzz(doors.target_of(name, people))


def test_this_page_names_every_target() -> None:
    first_cells = [line.split("|")[1] for line in page.read_text().splitlines() if line.startswith("| `")]
    named = [name for cell in first_cells for name in re.findall(r"`([^`]+)`", cell)]
    ours = [target.name for target in (*texts.targets, *formats.targets)]
    assert named == [*ours, *(f"door: {name}" for name in doors.names)]
