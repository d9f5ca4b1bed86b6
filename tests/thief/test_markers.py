"""Words that somebody typed, and what proves who they are, in everything a machine keeps: security.md, "Secrets".

A whole journey on real processes; then every file is searched, in every spelling. `allowed` says what may be where.
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from tests.journeys.product import Product, run_product
from tests.thief import machine, spellings, story
from tests.thief.story import Story

pytestmark = pytest.mark.journey

log_of_writes = "the server's log of writes"
people_are_plain = "people are in the clear: names and addresses"
own_address = "the page's own address, which the person who has the mail sees above it"
#: What may be found where, and why. Everything else fails; and so does a line that allows what is never there.
allowed = {
    **{
        (name, place): people_are_plain
        for name in ("name", "address", "name of the writer")
        for place in ("database", "backups", "mails")
    },
    ("code to register, spaced", "mails"): "that is what the mail is for",
    ("code to reset, spaced", "mails"): "that is what the mail is for",
    ("invitation's token", "mails"): "that is what the mail is for",
    ("invitation's token", "error pages"): own_address,
    ("address", "error pages"): "the form about this person names them",
    ("name", "error pages"): "a refused form keeps what was typed, but no password",
    ("name of the writer", "error pages"): "the invitation says who invites",
}
#: PostgreSQL alone: what its database holds is in its log of writes as well.
allowed_of_a_server = {(name, log_of_writes): people_are_plain for name in ("name", "address", "name of the writer")}


@dataclass(frozen=True)
class Scene:
    """A journey that was made, and where its machine keeps things."""

    story: Story
    letter: str
    server: str
    temporary: Path
    backups: Path

    @property
    def product(self) -> Product:
        return self.story.product

    def places(self) -> dict[str, list[bytes]]:
        mails = [one for letter in self.product.mailroom.everything() for one in spellings.opened_mail(letter.raw)]
        kept = machine.places(self.product, server=self.server, temporary=self.temporary, backups=self.backups)
        return kept | {"mails": mails, "error pages": self.story.refused}


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("LETTERLOCK_DEMO_LOG_LEVEL", "DEBUG")
    with machine.own_server() as server:
        if server:
            monkeypatch.setenv("LETTERLOCK_DATABASE", server)
        with run_product() as product:
            told, letter = story.tell(product)
            story.back_up(product, tmp_path / "backups")
            yield Scene(told, letter, server, temporary, tmp_path / "backups")


def test_what_was_typed_and_what_proves_somebody_is_nowhere_it_should_not_be(scene: Scene, tmp_path: Path) -> None:
    # What the log of writes still holds depends on when PostgreSQL last dropped a file of it.
    beside = set(allowed_of_a_server) if scene.server else set()
    places, shares = scene.places(), shares_of(scene)
    assert set(allowed) <= finds_in(places, scene.story) <= set(allowed) | beside
    assert found_in(places, shares) == {"keystore", "backups"} | ({log_of_writes} if scene.server else set())

    story.recall(scene.story, scene.letter)
    machine.finish_destruction(scene.product, server=scene.server)
    again = Scene(scene.story, scene.letter, scene.server, scene.temporary, tmp_path / "backups after the recall")
    story.back_up(scene.product, again.backups)
    places = again.places()
    assert set(allowed) <= finds_in(places, scene.story) <= set(allowed) | beside
    assert found_in(places, shares) == set()


def test_every_spelling_is_found() -> None:
    secret, stem = b"zq-the 1234+secret/<\xfc>", b"zq-"
    for how, spelled in spellings.spellings(secret).items():
        assert "it" in _found_with(secret, stem, b"before" + spelled + b"after"), how
    for before in (b"", b"x", b"xy"):
        assert "it" in _found_with(secret, stem, base64.b64encode(before + secret + b"after"))
        assert "it" in _found_with(secret, stem, base64.urlsafe_b64encode(before + secret + b"after"))
    assert _found_with(secret, stem, b"zq-the 1234+secret") == set()


def _found_with(secret: bytes, stem: bytes, blob: bytes) -> set[str]:
    return {one.marker for one in spellings.finds({"it": secret}, stem=stem, places={"here": [blob]})}


def finds_in(places: Mapping[str, list[bytes]], told: Story) -> set[tuple[str, str]]:
    """Which marker is where."""
    found = spellings.finds(told.markers, stem=story.stem.encode(), places=places)
    return {(one.marker, one.place) for one in found}


def shares_of(scene: Scene) -> list[bytes]:
    """The sealed bytes of the letter's shares, the writer's and the guest's."""
    rows = machine.query(scene.product, "keystore", "SELECT object_id, sealed FROM keystore_share")
    wanted = UUID(scene.letter)
    shares = [bytes(sealed) for object_id, sealed in rows if UUID(str(object_id)) == wanted]
    assert len(shares) == 2
    return shares


def found_in(places: Mapping[str, list[bytes]], shares: list[bytes]) -> set[str]:
    """Where any of them is."""
    spelled = [one for share in shares for one in set(spellings.spellings(share).values())]
    return {place for place, blobs in places.items() if any(one in blob for blob in blobs for one in spelled)}
