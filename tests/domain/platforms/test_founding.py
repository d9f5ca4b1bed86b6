"""Founding a platform."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connections

from letterlock.domain.platforms import colouring, founding, naming, queries
from letterlock.domain.platforms.models import HostName, Platform
from letterlock.foundation.audit import reading
from letterlock.foundation.kernel.refusals import Refusal
from letterlock.foundation.vault import platform_keys
from letterlock.foundation.vault.keystore.models import SealedKey
from tests.cast import Platforms

now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def found(**changes: str) -> Platform:
    given = {
        "name": "Initech",
        "host": "mail.initech.example",
        "accent": "#1F5F4F",
        "support_address": "help@initech.example",
    }
    return founding.found_platform(**(given | changes), at=now)


@pytest.mark.usefixtures("stores")
def test_a_platform_has_its_key_its_host_and_its_fact() -> None:
    platform = found()

    assert platform.host == "mail.initech.example"
    assert platform.accent == "#1f5f4f"
    assert platform_keys.purpose_key(platform.id, platform_keys.Purpose.LINKS).generation == 1
    assert [fact.event for fact in reading.facts_about(platform.id, platform.id)] == ["platforms.platform.founded"]


@pytest.mark.usefixtures("stores")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"host": "initech"}, naming.InvalidHost),
        ({"name": ""}, naming.InvalidPlatformName),
        ({"accent": "green"}, colouring.InvalidColour),
        ({"accent": "#ffffff"}, colouring.IllegibleAccent),
        ({"support_address": "help"}, founding.InvalidSupportAddress),
        ({"support_address": "help@initech.example\nBcc: x@y.example"}, founding.InvalidSupportAddress),
    ],
)
def test_a_refused_platform_leaves_neither_row_nor_key(changes: dict[str, str], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        found(**changes)

    assert not Platform.objects.exists()
    assert not SealedKey.objects.exists()


def test_a_host_in_use_is_refused(platforms: Platforms) -> None:
    with pytest.raises(founding.HostTaken):
        found(host="Acme.localhost")


def test_a_host_that_was_in_use_is_refused_too(platforms: Platforms) -> None:
    HostName.objects.create(name="old.acme.example", platform=platforms.acme, is_current=False)

    with pytest.raises(founding.HostTaken):
        found(host="old.acme.example")


@pytest.mark.usefixtures("stores")
def test_of_two_founders_at_once_one_gets_the_host() -> None:
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def try_it() -> None:
        start.wait()
        try:
            outcomes.append(found().name)
        except founding.HostTaken as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["Initech", "platforms.host_taken"]
    assert Platform.objects.count() == 1
    assert queries.platform_of_host("mail.initech.example") == Platform.objects.get()
