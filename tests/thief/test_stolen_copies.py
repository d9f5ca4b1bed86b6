"""security.md's table of who gets what, tried out by somebody who holds exactly what each of its lines says."""

from pathlib import Path

import pytest

from tests.cast import People, Platforms, register, stranger, visit
from tests.thief import copies, promises, scene, thieves, visiting
from tests.thief.scene import Stage
from tests.thief.thieves import Sight


@pytest.fixture
def stage(people: People) -> Stage:
    """The letters stand, and people have come and gone."""
    scene.come_and_go(people)
    return Stage(people, scene.write_letters(people))


def test_whoever_holds_files_sees_what_is_promised_and_no_more(stage: Stage, tmp_path: Path) -> None:
    # The line with everything in it is the proof that this thief is able: there, all of it comes out.
    with thieves.robbed(stage, within=tmp_path) as robbed:
        assert {one.holds: thieves.sights_of(one, stage) for one in robbed} == promises.by_files


def test_nothing_anybody_wrote_stands_in_a_column(stage: Stage) -> None:
    for step in (scene.take_back, lambda *_: None):
        text = "\n".join(_spelled(value) for one in copies.live for value in one.values())
        assert [words for words in scene.secrets if words in text] == []
        assert stage.people.bob.address in text
        step(stage.letters, stage.people)


def test_whoever_signs_in_elsewhere_finds_nothing_not_even_that_it_exists(stage: Stage, platforms: Platforms) -> None:
    scene.take_back(stage.letters, stage.people)
    eve = register(platforms.acme, "eve@client.example", name="Eve Eastman")
    visitors = [visit(stage.people.dora), visit(eve), visit(stage.people.alice_at_globex), stranger(platforms.acme)]
    found = [visiting.sights_of(visitor, stage) for visitor in visitors]
    assert dict(zip(promises.by_visiting, found, strict=True)) == promises.by_visiting


def test_who_has_part_in_a_letter_finds_it_in_the_same_way(stage: Stage) -> None:
    scene.take_back(stage.letters, stage.people)
    found = visiting.sights_of(visit(stage.people.bob), stage)
    assert found == {Sight.EXISTENCE, Sight.PEOPLE, Sight.SUBJECTS, Sight.REASONS, Sight.STANDING}


def _spelled(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
