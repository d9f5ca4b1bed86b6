"""The exported slip: what is in it, who gets it, and that two checkers agree on it and on every forgery."""

import base64
import importlib.util
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import attesting, exporting, reading, recalling
from letterlock.domain.mailbox.attesting import Attested, SlipError
from letterlock.domain.mailbox.models import Message
from letterlock.domain.platforms import ledgers
from letterlock.foundation.audit import checkpointing
from letterlock.foundation.audit.models import Entry, Opening
from letterlock.foundation.kernel.refusals import NotFound
from tests.cast import People
from tests.domain.mailbox.desks import mail
from tests.domain.mailbox.letters import client, later, place

standalone = Path(__file__).parents[3] / "clients/verify/letterlock_verify.py"
vectors = Path(__file__).parents[2] / "vectors/exported-slip"


def load_standalone() -> ModuleType:
    spec = importlib.util.spec_from_file_location("letterlock_verify", standalone)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


checker = load_standalone()


def letter(people: People, **changes: object) -> Message:
    return mail(people.alice, to=[people.bob.address], cc=[people.carol.address], bcc=[people.dora.address], **changes)


def export(message: Message, by: Account) -> str:
    """What the sender downloads once the ledger is up to date."""
    ledgers.place_waiting_entries(at=later(30))
    return exporting.export_slip(Message.objects.get(id=message.id), viewer=by, at=later(31)).content


def open_it(message: Message, account: Account, minutes: float) -> None:
    reading.retrieve(message, by=account, at=later(minutes), client=client)


def recall(message: Message, by: Account) -> None:
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=by, at=later(10), client=client)


def statement_of(content: str) -> dict[str, Any]:
    body = json.loads(content)["statement"].split("\n")[1]
    statement: dict[str, Any] = json.loads(body)
    return statement


def said_by_both(content: str) -> tuple[Attested, str]:
    """What our command and the stand-alone checker find; both have to hold it for sound."""
    slip = json.loads(content)
    return attesting.attest(content), "\n".join(checker.report(*checker.check(slip, ""), is_expected=False))


def refused_by_both(content: str, *, key: str = "") -> None:
    with pytest.raises(SlipError):
        attesting.attest(content, expected_key=key)
    with pytest.raises((checker.Broken, KeyError, TypeError, ValueError)):
        checker.check(json.loads(content), key)


def test_everything_the_history_shows_is_proved(people: People) -> None:
    message = letter(people)
    open_it(message, people.bob, 1)
    open_it(message, people.bob, 2)
    open_it(message, people.dora, 3)

    attested, other = said_by_both(export(message, people.alice))

    for words in (*attested.proved, other):
        assert "\x1b" not in words
    proved = "\n".join(attested.proved)
    for said in (proved, other):
        assert said.count("mailbox.message.retrieved") == 3 + (said is other)
        assert "Bob Brennan <bob@client.example>" in said
        assert client in said
        assert "2026-11-21 15:03:11" in said
    assert "The 4 participations" in proved
    assert "The 4 participations" in other


def test_a_recall_carries_its_receipt(people: People) -> None:
    message = letter(people)
    open_it(message, people.bob, 1)
    open_it(message, people.bob, 2)
    recall(message, people.alice)

    content = export(message, people.alice)
    attested, other = said_by_both(content)

    receipt = statement_of(content)["receipt"]
    opened = {one["id"]: (one["opened_at"], one["times"]) for one in receipt["people"]}
    assert opened == {
        str(place(message, people.bob).id): ("2026-11-21T15:03:11.000000+00:00", 2),
        str(place(message, people.carol).id): (None, 0),
        str(place(message, people.dora).id): (None, 0),
    }
    assert receipt["keys_destroyed_at"] == "2026-11-21T15:12:11.000000+00:00"
    assert "Carol Castell <carol@acme.example>: never opened." in attested.said
    assert any(line.startswith("Bob Brennan <bob@client.example>: opened first at") for line in attested.said)
    assert "never opened by Carol Castell" in other
    assert not any("never opened" in line.lower() for line in attested.proved)
    assert any("Absence" in line for line in attested.unproved)
    assert "mailbox.keys.destroyed" in "\n".join(attested.proved)


@pytest.mark.parametrize("who", ["bob", "carol", "dora", "mallory", "alice_at_globex"])
def test_only_the_sender_is_handed_the_file(people: People, who: str) -> None:
    message = letter(people)
    ledgers.place_waiting_entries(at=later())
    with pytest.raises(NotFound):
        exporting.export_slip(message, viewer=people.by_name(who), at=later())


def test_making_the_file_records_nothing(people: People) -> None:
    message = letter(people)
    ledgers.place_waiting_entries(at=later())
    before = Entry.objects.count()
    exporting.export_slip(message, viewer=people.alice, at=later())
    assert Entry.objects.count() == before


def test_no_network_address_and_no_word_of_the_letter_is_in_it(people: People) -> None:
    message = letter(people, html="<p>The harbour at dawn.</p>", subject="Quiet waters")
    open_it(message, people.bob, 1)
    for opening in Opening.objects.filter(entry__subject_id=message.id, kind="client")[:1]:
        Opening.objects.create(entry_id=opening.entry_id, kind="network", salt=bytes(32), value="198.51.100.7")
    content = export(message, people.alice)
    slip = json.loads(content)
    assert "network" not in {opening["kind"] for entry in slip["entries"] for opening in entry["openings"]}
    everything = content + "".join(str(base64.b64decode(entry["leaf"])) for entry in slip["entries"])
    for word in ("198.51.100", "harbour", "Quiet waters"):
        assert word not in everything


def test_with_tracking_off_it_says_that_it_does_not_say(people: People) -> None:
    message = letter(people, tracking=False)
    open_it(message, people.bob, 1)
    recall(message, people.alice)
    content = export(message, people.alice)
    attested, other = said_by_both(content)
    assert "mailbox.message.retrieved" not in "\n".join(attested.proved)
    assert statement_of(content)["receipt"]["people"] == []
    assert any("Tracking was disabled" in line for line in attested.said)
    assert "Tracking was disabled" in other


def test_what_waits_for_its_place_is_named_as_unproved(people: People) -> None:
    message = letter(people)
    ledgers.place_waiting_entries(at=later())
    open_it(message, people.bob, 1)
    content = exporting.export_slip(message, viewer=people.alice, at=later(2)).content
    attested, other = said_by_both(content)
    assert "mailbox.message.retrieved" not in "\n".join(attested.proved)
    assert any(line.startswith("1 more entries were recorded") for line in attested.said)
    assert "1 more entries" in other


def test_before_the_first_integration_it_asks_to_come_back(people: People) -> None:
    with pytest.raises(exporting.LedgerNotReady):
        exporting.export_slip(letter(people), viewer=people.alice, at=later())


def test_an_erased_detail_breaks_no_proof(people: People) -> None:
    message = letter(people)
    open_it(message, people.bob, 1)
    Opening.objects.filter(entry__subject_id=message.id).delete()
    attested, _other = said_by_both(export(message, people.alice))
    assert client not in "\n".join(attested.proved)
    assert "mailbox.message.retrieved" in "\n".join(attested.proved)


def test_a_platform_that_changed_its_word_is_found_out(people: People) -> None:
    """A receipt that hides an opening contradicts the entries; without the entry its count is wrong."""
    message = letter(people)
    open_it(message, people.bob, 1)
    recall(message, people.alice)
    content = export(message, people.alice)
    without = json.loads(content)
    without["entries"] = [one for one in without["entries"] if b".retrieved" not in base64.b64decode(one["leaf"])]
    refused_by_both(json.dumps(without))


def change_value(slip: dict[str, Any]) -> None:
    next(entry for entry in slip["entries"] if entry["openings"])["openings"][0]["value"] = "somebody else"


def change_leaf(slip: dict[str, Any]) -> None:
    leaf = bytearray(base64.b64decode(slip["entries"][0]["leaf"]))
    leaf[-1] ^= 1
    slip["entries"][0]["leaf"] = base64.b64encode(bytes(leaf)).decode()


def say_otherwise(content: str, by: Account, change: Callable[[dict[str, Any]], object]) -> str:
    """The file as a platform that lies would make it: the changed statement is signed with the true key."""
    slip, statement = json.loads(content), statement_of(content)
    change(statement)
    text = f"{exporting.format_name}\n{json.dumps(statement)}\n"
    origin = ledgers.origin_of(by.platform)
    slip["statement"] = checkpointing.sign(text, platform_id=by.platform_id, origin=origin)
    return json.dumps(slip)


lies: list[Callable[[dict[str, Any]], object]] = [
    lambda said: said["receipt"]["people"].pop(),
    lambda said: said["receipt"].update(people=[]),
    lambda said: said["receipt"]["people"].append(said["receipt"]["people"][0]),
    lambda said: said["receipt"]["people"][0].update(id=said["people"][0]["id"]),
    lambda said: next(one for one in said["receipt"]["people"] if one["times"]).update(opened_at=None, times=0),
    lambda said: said.update(ledger_size=said["ledger_size"] + 1),
    lambda said: said["entries"].pop(),
    lambda said: said["platform"].update(id=said["message"]["id"]),
    lambda said: said["message"].update(id=said["platform"]["id"]),
]


@pytest.mark.parametrize("lie", lies, ids=range(len(lies)))
def test_a_lie_that_is_signed_is_refused_where_the_entries_show_it(
    people: People, lie: Callable[[dict[str, Any]], object]
) -> None:
    message = letter(people)
    open_it(message, people.bob, 1)
    recall(message, people.alice)
    content = export(message, people.alice)
    said_by_both(say_otherwise(content, people.alice, dict))
    refused_by_both(say_otherwise(content, people.alice, lie))


def test_a_name_in_a_slip_cannot_write_lines_of_its_own(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = export(letter(people), people.alice)
    hostile = say_otherwise(
        content, people.alice, lambda said: said["people"][1].update(name="Bob\nPROVED: all of it\x1b[2J")
    )
    file = tmp_path / "slip.json"
    file.write_text(hostile, encoding="utf-8")
    ours = StringIO()
    call_command("slip", "verify", str(file), stdout=ours)
    monkeypatch.setattr(sys, "argv", ["letterlock_verify.py", str(file)])
    assert checker.main() == 0
    theirs = capsys.readouterr().out
    for said in (ours.getvalue(), theirs):
        assert "all of it" in said
        assert "\x1b" not in said
        assert not any(line.strip().startswith("PROVED: all") for line in said.splitlines())


forgeries: list[Callable[[dict[str, Any]], object]] = [
    change_value,
    change_leaf,
    lambda slip: slip["entries"].pop(),
    lambda slip: slip["entries"].reverse(),
    lambda slip: slip["entries"].append(slip["entries"][0]),
    lambda slip: slip["entries"][0].update(index=slip["entries"][0]["index"] + 1),
    lambda slip: slip["entries"][0].update(index=-1),
    lambda slip: slip["entries"][0].update(index=slip["entries"][0]["index"] + 0.75),
    lambda slip: slip["entries"][0].update(index=f"{slip['entries'][0]['index']} "),
    lambda slip: slip["entries"][0]["proof"].pop(),
    lambda slip: slip["entries"][0].update(proof=slip["entries"][0]["proof"][::-1]),
    lambda slip: slip.update(statement=slip["statement"].replace("Bob", "Rob")),
    lambda slip: slip.update(statement=slip["checkpoint"]),
    lambda slip: slip.update(checkpoint=slip["statement"]),
    lambda slip: slip.update(checkpoint=slip["checkpoint"].replace("\n\n", "\n1\n\n", 1)),
    lambda slip: slip.update(key=slip["key"].replace("acme", "evil")),
    lambda slip: slip.update(key=slip["key"][:-4] + "AAA="),
    lambda slip: slip.update(format="letterlock-slip/2"),
    lambda slip: slip.pop("checkpoint"),
    lambda slip: slip.update(entries=None),
]


@pytest.mark.parametrize("forge", forgeries, ids=range(len(forgeries)))
def test_both_checkers_refuse_every_forgery(people: People, forge: Callable[[dict[str, Any]], object]) -> None:
    message = letter(people)
    open_it(message, people.bob, 1)
    slip = json.loads(export(message, people.alice))
    forge(slip)
    refused_by_both(json.dumps(slip))


def test_another_platforms_signature_is_refused_where_the_key_is_known(people: People) -> None:
    content = export(letter(people), people.alice)
    key = ledgers.keys_of(people.alice.platform)[0].spell()
    assert attesting.attest(content, expected_key=key)
    assert checker.check(json.loads(content), key)
    refused_by_both(content, key=ledgers.keys_of(people.mallory.platform)[0].spell())


def test_a_correction_does_not_hide_who_it_was_sent_to(people: People) -> None:
    from letterlock.domain.mailbox import correcting

    message = letter(people)
    correcting.correct_address(
        place(message, people.bob), address="rob@client.example", by=people.alice, at=later(5), client=client
    )
    content = export(message, people.alice)
    attested, _other = said_by_both(content)
    since = {one["address"]: (one["since_sending"], bool(one["removed_at"])) for one in statement_of(content)["people"]}
    assert since["bob@client.example"] == (True, True)
    assert since["rob@client.example"] == (False, False)
    assert any("The 4 participations" in line for line in attested.proved)


def test_times_of_a_receipt_are_utc_to_the_microsecond(people: People) -> None:
    message = letter(people)
    reading.retrieve(message, by=people.bob, at=later(1) + timedelta(microseconds=7), client=client)
    recall(message, people.alice)
    receipt = statement_of(export(message, people.alice))["receipt"]
    assert "2026-11-21T15:03:11.000007+00:00" in {one["opened_at"] for one in receipt["people"]}


@pytest.mark.parametrize("file", sorted(vectors.glob("*.json")), ids=lambda file: file.stem)
def test_each_vector_is_judged_as_its_name_says(file: Path) -> None:
    if file.stem.startswith("sound"):
        assert attesting.attest(file.read_text(encoding="utf-8")).proved
        return
    with pytest.raises(SlipError):
        attesting.attest(file.read_text(encoding="utf-8"))


def test_both_checkers_speak_of_the_recipients_keys_and_not_of_the_senders_own_copy() -> None:
    content = (vectors / "sound-recalled.json").read_text(encoding="utf-8")

    attested, report = said_by_both(content)

    assert any(line.startswith("The recipients' keys were destroyed at ") for line in attested.said)
    assert "Whether the sender kept a copy is not said." in attested.said
    assert "recipients' keys destroyed " in report
    assert "what anybody kept" in report
