"""What an operator types, and what comes of it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from letterlock.domain.accounts.models import Account, State, Status
from letterlock.domain.platforms import queries
from letterlock.domain.platforms.models import Platform
from tests.cast import Platforms


def create(**changes: str) -> str:
    given = {
        "name": "Initech",
        "host": "mail.initech.example",
        "accent": "#1f5f4f",
        "support": "help@initech.example",
        "admin-address": "Peter@Initech.example",
        "admin-name": "Peter Gibbons",
    } | changes
    out = StringIO()
    call_command("platforms", "create", *(f"--{key}={value}" for key, value in given.items()), stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.usefixtures("stores")
def test_creating_prints_the_administrators_link() -> None:
    said = create()

    administrator = Account.objects.get(address="peter@initech.example")
    assert administrator.status == Status.ADMINISTRATOR
    assert administrator.state == State.PENDING
    invitation = administrator.invitations.get()
    assert said.splitlines()[-1].startswith(f"https://mail.initech.example/set-up/{invitation.id}/")
    platform = queries.platform_of_host("mail.initech.example")
    assert platform is not None
    assert platform.name == "Initech"


@pytest.mark.usefixtures("stores")
@pytest.mark.parametrize(
    ("argument", "value", "complaint"),
    [
        ("host", "not a host", "is no host name"),
        ("accent", "#ffff00", "cannot be the accent"),
        ("admin-address", "peter", "the @ is missing"),
        ("admin-name", "peter@initech", "A name has 1 to 64 characters"),
        ("support", "nobody", "is no e-mail address for support"),
    ],
)
def test_a_bad_argument_is_one_sentence_and_founds_nothing(argument: str, value: str, complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        create(**{argument: value})

    assert not Platform.objects.exists()


def test_a_host_in_use_is_refused(platforms: Platforms) -> None:
    with pytest.raises(CommandError, match=r"answers to “acme\.localhost” already"):
        create(host="ACME.localhost")
