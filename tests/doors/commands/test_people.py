"""Adding people from the operator's shell."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from letterlock.domain.accounts.models import Account, Status
from tests.cast import People, Platforms


def add(*, platform: str = "acme.localhost", address: str = "erin@acme.example", **more: str) -> str:
    out = StringIO()
    given = {"platform": platform, "address": address, "name": "Erin Eames"} | more
    call_command("people", "add", *(f"--{key}={value}" for key, value in given.items()), stdout=out, stderr=out)
    return out.getvalue()


def test_adding_prints_a_link_and_makes_a_professional(platforms: Platforms) -> None:
    said = add()

    erin = Account.objects.of(platforms.acme).get(address="erin@acme.example")
    assert erin.status == Status.PROFESSIONAL
    assert f"https://acme.localhost/set-up/{erin.invitations.get().id}/" in said


def test_the_status_can_be_chosen(platforms: Platforms) -> None:
    add(status="guest")

    assert Account.objects.of(platforms.acme).get(address="erin@acme.example").status == Status.GUEST


def test_an_unknown_platform_is_refused(platforms: Platforms) -> None:
    with pytest.raises(CommandError, match=r"No platform here answers to “initech\.example”"):
        add(platform="initech.example")


def test_somebody_who_is_there_already_is_refused(people: People) -> None:
    with pytest.raises(CommandError, match="has an account on this platform already"):
        add(address=people.alice.address)
