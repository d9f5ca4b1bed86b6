"""Disks, stores and relays that fail under a running product: a clear sentence, nothing lost, and it goes on."""

import os
import re
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.fire import relays
from tests.fire.burning import run_burning
from tests.fire.clusters import own_cluster
from tests.fire.crashing import Fire
from tests.fire.errands import Errand, Reading, Recalling, Sending, words
from tests.fire.relays import bad_relay
from tests.fire.visiting import Answer, UnansweredError
from tests.journeys.mailroom import open_mailroom
from tests.patience import wait_until
from tests.ports import free_port

on_postgresql = os.environ.get("LETTERLOCK_DATABASE", "").startswith("postgresql:")


@pytest.mark.parametrize(
    ("behave", "said"),
    [
        (relays.hang, "The mail server did not answer."),
        (relays.refuse, "554 No mail service here today"),
        (relays.die_after_data, "The mail server closed the connection."),
    ],
)
def test_a_relay_that_fails_is_tried_again_until_it_takes_the_mail(
    fire: Fire, behave: Callable[..., None], said: str
) -> None:
    product, port, errand = fire.product, free_port(), prepared(Sending, fire)
    with product.relay_at(port):
        with bad_relay(port, behave) as relay:
            errand.act()
            wait_until(lambda: said in product.ask("relay_said"), f"the relay is known to have failed: {said}")
            assert_on_its_way(errand)
        with open_mailroom(port) as mailroom:
            mailroom.wait_for(errand.bob.address)
            mailroom.wait_for(errand.nora.address)
            product.drain()
    # Whatever the dying relay may have passed on is, to a mail program, the very mail that came later.
    later = [message_id(one.raw) for person in (errand.bob, errand.nora) for one in mailroom.to(person.address)]
    assert len(later) == 2
    assert {message_id(copy) for copy in relay.taken} <= set(later)
    assert product.ask("look", newest=5) == []


def test_on_a_full_disk_nothing_is_lost_and_work_goes_on_once_there_is_room(fire: Fire) -> None:
    product = fire.product
    sending, reading, recalling = (prepared(kind, fire) for kind in (Sending, Reading, Recalling))
    reader = product.visitor(reading.bob.address)
    product.ask("age_sessions")
    with product.full_disk():
        inbox = reader.get("/folders/inbox/")
        assert inbox.is_good or is_clear(inbox)  # on SQLite it takes a file that is there only while somebody reads
        for errand in (sending, reading, recalling):
            answers = seen_by(errand)
            assert all(answer.is_good or is_clear(answer) for answer in answers), answers
            assert on_postgresql or is_clear(answers[-1])  # PostgreSQL keeps its files on a disk of its own
    for errand in (sending, reading, recalling):
        errand.go_on()
    product.drain()
    assert [one for errand in (sending, reading, recalling) for one in errand.wrong()] == []
    assert product.ask("look", newest=5) == []


@pytest.mark.skipif(not on_postgresql, reason="SQLite is a file: it does not go away while the disk is there.")
def test_a_database_that_goes_away_and_comes_back_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with own_cluster() as cluster:
        monkeypatch.setenv("LETTERLOCK_DATABASE", cluster.address)
        with run_burning() as product:
            fire = Fire(product)
            sending, recalling = prepared(Sending, fire), prepared(Recalling, fire)
            page = product.visitor(sending.alice.address).get("/folders/inbox/")
            cluster.halt()
            for errand in (sending, recalling):
                assert all(is_clear(answer) for answer in seen_by(errand))
            assert product.is_alive()
            cluster.run()
            for errand in (sending, recalling):
                errand.go_on()
            product.drain()
            assert page.is_good
            assert sending.wrong() + recalling.wrong() == []
            assert product.ask("look", newest=5) == []


def prepared(kind: type[Errand], fire: Fire) -> Errand:
    errand = kind(fire.product, fire.cast)
    errand.prepare()
    fire.product.drain()
    return errand


def seen_by(errand: Errand) -> list[Answer]:
    """Every page that somebody gets to see who tries this now."""
    visitors = [errand.product.visitor(person.address) for person in (errand.alice, errand.bob)]
    before = [len(visitor.seen) for visitor in visitors]
    with suppress(AssertionError, UnansweredError, KeyError):
        errand.act()
    return [answer for visitor, known in zip(visitors, before, strict=True) for answer in visitor.seen[known:]]


def is_clear(answer: Answer) -> bool:
    """Says that it is over soon, that nothing is lost, and nothing about our insides."""
    return (
        answer.status == 503
        and "What was saved before is safe." in answer.text
        and bool(answer.waits)
        and words not in answer.text
        and "Traceback" not in answer.text
    )


def assert_on_its_way(errand: Errand) -> None:
    slip = errand.product.visitor(errand.alice.address).get(f"{errand.answered[0]}slip/")
    assert "the mail is on its way" in slip.text


def message_id(mail: bytes) -> bytes:
    found = re.search(rb"(?mi)^Message-ID:\s*(\S+)", mail)
    assert found
    return found[1]
