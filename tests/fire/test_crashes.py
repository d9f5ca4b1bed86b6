"""`kill -9` of web and worker at the instants that matter most; `bin/crash` takes every one of them, 300 times."""

import random

from tests.fire import crashing
from tests.fire.burning import Instant
from tests.fire.crashing import Fire


def web(side: str, kind: str, place: str) -> Instant:
    return Instant(program="web", kind=kind, place=place, side=side)


def worker(side: str, kind: str, place: str) -> Instant:
    return Instant(program="worker", kind=kind, place=place, side=side)


def test_a_letter_is_sent_once_wherever_sending_dies(fire: Fire) -> None:
    dies_without_harm(
        fire,
        "sending",
        web("after", "commit keystore", "wrapping.prepare_wraps for preparing.prepare"),
        web("before", "commit default", "sending._send"),
        web("after", "commit default", "sending._send"),
        worker("after", "hand over", "relaying._converse"),
    )


def test_the_first_opening_is_recorded_and_told_once_wherever_reading_dies(fire: Fire) -> None:
    dies_without_harm(
        fire,
        "reading",
        web("after", "commit default", "reading.retrieve"),
        worker("after", "commit default", "jobs.tell_of_access"),
    )


def test_a_recalled_letter_stays_recalled_and_its_keys_go_wherever_recalling_dies(fire: Fire) -> None:
    dies_without_harm(
        fire,
        "recalling",
        web("after", "commit default", "recalling.recall_message"),
        web("halfway", "write journal", "journal._write_all for shredding.shred"),
        web("after", "sync journal", "journal.append for shredding.shred"),
        web("after", "commit keystore", "destroying.destroy_rows for shredding.shred"),
    )


def test_a_newcomer_gets_in_wherever_registering_dies(fire: Fire) -> None:
    dies_without_harm(
        fire,
        "registering",
        web("before", "commit default", "registering.complete"),
        web("after", "commit default", "registering.complete"),
    )


def test_every_instant_gets_its_turn_before_one_comes_again() -> None:
    instants = {name: [web("before", name, str(number)) for number in range(10)] for name in ("sending", "reading")}
    planned = list(crashing.plan(instants, 26, chance=random.Random(7)))
    aimed = [instant for _name, instant in planned if instant]
    assert len(aimed) == 20
    assert len(set(aimed)) == 20
    assert sum(instant is None for _name, instant in planned) == 6


def dies_without_harm(fire: Fire, errand: str, *instants: Instant) -> None:
    for instant in instants:
        assert fire.burn(errand, instant) == [], str(instant)
        assert not fire.missed, f"Nobody came to this instant any more: {instant}"
