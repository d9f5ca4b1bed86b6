"""What an operator and a sceptic type."""

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from letterlock.domain.mailbox import exporting
from letterlock.domain.platforms import ledgers, restoring
from letterlock.domain.platforms.models import HostName
from letterlock.foundation.audit import checkpointing, lifting
from letterlock.foundation.audit.models import Entry, Leaf
from letterlock.foundation.kernel import transactions
from letterlock.foundation.outbox import working
from tests.cast import People, Platforms
from tests.domain.mailbox.desks import mail


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def run_refused(*words: str) -> str:
    """Everything said before and in the refusal."""
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command(*words, stdout=out)
    return f"{out.getvalue()}{refused.value}"


def place() -> None:
    ledgers.place_waiting_entries(at=timezone.now())


def test_the_worker_places_what_waits(platforms: Platforms) -> None:
    at = timezone.now()
    working.plan_chores(at=at)
    working.run_due_jobs(at=at)
    assert Leaf.objects.count() == Entry.objects.count() > 0


def test_a_sound_ledger_is_said_to_be_so_and_what_that_shows(platforms: Platforms) -> None:
    place()
    said = run("ledger", "verify")
    assert "✓ acme.localhost: 1 entries recomputed" in said
    assert "✓ globex.localhost" in said
    assert "The first 1 entries are those a signed checkpoint vouches for" in said
    assert "never recorded" in said


def test_without_a_checkpoint_it_says_what_it_cannot_show(platforms: Platforms) -> None:
    place()
    checkpointing.file_of(platforms.acme.id).unlink()
    said = run("ledger", "verify", "acme.localhost")
    assert "no checkpoint from outside, so this does not show that nobody rewrote all of it" in said
    assert "globex" not in said


def test_the_first_wrong_entry_is_named(people: People) -> None:
    mail(people.alice, to=[people.bob.address])
    place()
    entry = Leaf.objects.get(platform_id=people.alice.platform_id, index=1).entry
    with transactions.writing(), lifting.lifted():
        Entry.objects.filter(id=entry.id).update(event="mailbox.message.forged")
    said = run_refused("ledger", "verify")
    assert f"Entry 1 ({entry.id}): its event was changed" in said
    assert "1 of 2 ledgers are not what they were." in said


def test_after_a_restore_the_lost_entries_are_explained(platforms: Platforms, tmp_path: Path) -> None:
    place()
    restoring.note_restored(digests={}, gives_up_recalls=False, at=timezone.now())
    place()
    later = tmp_path / "later"
    later.write_text(checkpointing.file_of(platforms.acme.id).read_text().replace("\n2\n", "\n9\n"))
    assert "a store was put back from a copy" in run_refused(
        "ledger", "verify", "acme.localhost", f"--checkpoint={later}"
    )


def test_a_checkpoint_kept_elsewhere_is_compared(platforms: Platforms, tmp_path: Path) -> None:
    place()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(checkpointing.file_of(platforms.acme.id).read_text())
    checkpointing.file_of(platforms.acme.id).unlink()
    assert "vouches for" in run("ledger", "verify", "acme.localhost", f"--checkpoint={elsewhere}")
    assert "Name the one platform" in run_refused("ledger", "verify", f"--checkpoint={elsewhere}")
    assert "cannot be read" in run_refused("ledger", "verify", "acme.localhost", f"--checkpoint={tmp_path / 'none'}")


def test_a_folder_of_copies_is_compared_for_every_platform(platforms: Platforms, tmp_path: Path) -> None:
    place()
    kept = checkpointing.file_of(platforms.acme.id).parent
    copies = tmp_path / "copies"
    shutil.copytree(kept, copies)
    shutil.rmtree(kept)
    assert run("ledger", "verify", f"--copies={copies}").count("a signed checkpoint vouches for") == 2
    gone = copies / f"{platforms.globex.id}.checkpoint"
    gone.unlink()
    assert "no copy of a checkpoint of globex.localhost" in run_refused("ledger", "verify", f"--copies={copies}")


def test_checkpoints_of_a_former_host_still_count(platforms: Platforms) -> None:
    place()
    with transactions.writing():
        HostName.objects.filter(platform=platforms.acme).update(is_current=False)
        HostName.objects.create(name="mail.acme.example", platform=platforms.acme)
    assert "✓ mail.acme.example" in run("ledger", "verify", "mail.acme.example")


def test_one_platform_without_its_key_does_not_hold_up_the_others(
    platforms: Platforms, caplog: pytest.LogCaptureFixture
) -> None:
    from letterlock.foundation.vault.keystore.models import SealedKey

    with transactions.writing(using="keystore"):
        SealedKey.objects.filter(platform_id=platforms.acme.id, purpose="ledger").update(sealed=b"")
    place()
    assert checkpointing.file_of(platforms.globex.id).exists()
    assert not checkpointing.file_of(platforms.acme.id).exists()


def test_the_key_is_the_one_slips_are_signed_with(people: People, tmp_path: Path) -> None:
    message = mail(people.alice, to=[people.bob.address])
    place()
    content = exporting.export_slip(message, viewer=people.alice, at=timezone.now()).content
    key = run("ledger", "key", "acme.localhost").strip()
    assert json.loads(content)["key"] == key
    file = tmp_path / "slip.json"
    file.write_text(content)
    said = run("slip", "verify", str(file), "--key", key)
    assert said.index("Proved\n") < said.index("Said by the platform") < said.index("Not shown\n")
    assert "by another way" not in said
    assert "by another way" in run("slip", "verify", str(file))
    other = run("ledger", "key", "globex.localhost").strip()
    assert "another key than the one expected" in run_refused("slip", "verify", str(file), "--key", other)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_what_is_no_slip_is_refused_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "slip.json"
    file.write_bytes(content)
    said = run_refused("slip", "verify", str(file))
    assert said.endswith(("Nothing in it is proved.", "cannot be read."))


def test_an_unknown_platform_is_refused(platforms: Platforms) -> None:
    assert "No platform here answers to “initech.example”" in run_refused("ledger", "verify", "initech.example")
