"""People added by the operator, and the link that sets their first password."""

from datetime import datetime
from typing import Any

import pytest

from letterlock.domain.accounts import inviting, setting_up
from letterlock.domain.accounts import people as operating
from letterlock.domain.accounts.admitting import SignedIn
from letterlock.domain.accounts.inviting import AlreadyRegistered, InvitationLapsed, LinkReplaced
from letterlock.domain.accounts.models import Invitation, InvitationPurpose, Session, State, Status
from letterlock.domain.accounts.passwords import WeakPassword
from letterlock.domain.accounts.people import PersonExists
from letterlock.domain.policies import addresses
from letterlock.domain.policies.names import InvalidName
from letterlock.domain.policies.zones import InvalidTimeZone
from letterlock.foundation.kernel.refusals import NotFound, Refusal
from letterlock.foundation.vault.models import KeyPair
from tests.cast import People
from tests.domain.accounts.doing import (
    at_once,
    begin,
    complete,
    day,
    facts,
    hour,
    invite,
    new_password,
    now,
    second,
    sign_in,
    token_of,
)


def add(people: People, *, address: str = "erin@acme.example", at: datetime = now) -> Invitation:
    return operating.add_person(
        people.alice.platform,
        address=addresses.read_address(address),
        name="Erin Eames",
        status=Status.PROFESSIONAL,
        at=at,
    )


def set_up(invitation: Invitation, *, at: datetime = now, **changes: Any) -> SignedIn:
    form: dict[str, Any] = {"name": "Erin Eames", "password": new_password} | changes
    return setting_up.set_password(invitation, **form, client="Chromium on Linux", at=at)


def test_a_person_who_was_added_sets_a_password(people: People) -> None:
    invitation = add(people)

    signed_in = set_up(invitation, time_zone="Europe/Zurich")

    account = signed_in.account
    assert (account.state, account.status, account.time_zone) == (State.ACTIVE, Status.PROFESSIONAL, "Europe/Zurich")
    assert sign_in(account, typed=new_password).account == account
    assert KeyPair.objects.filter(holder_id=account.id).count() == 1
    assert facts(account)[:3] == ["person.added", "account.registered", "session.started"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "https://evil.example"}, InvalidName),
        ({"password": "short"}, WeakPassword),
        ({"time_zone": "Mars/Olympus"}, InvalidTimeZone),
    ],
)
def test_a_form_that_will_not_do_spends_nothing(
    people: People, changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    invitation = add(people)

    with pytest.raises(refusal):
        set_up(invitation, **changes)
    assert set_up(invitation).account.state == State.ACTIVE


def test_the_link_works_once(people: People) -> None:
    invitation = add(people)

    outcomes = at_once(2, lambda: set_up(invitation))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyRegistered", "SignedIn"]
    assert Session.objects.count() == 1
    with pytest.raises(AlreadyRegistered):
        set_up(invitation)


def test_the_link_works_for_twenty_four_hours(people: People) -> None:
    invitation = add(people)

    with pytest.raises(InvitationLapsed):
        set_up(invitation, at=now + day)
    assert set_up(invitation, at=now + day - second).account.state == State.ACTIVE


def test_a_mailed_invitation_sets_no_password_without_a_code(people: People) -> None:
    with pytest.raises(NotFound):
        set_up(invite(people.alice))


def test_adding_somebody_again_revokes_the_first_link(people: People) -> None:
    first = add(people)
    token = token_of(first)

    second_link = add(people, at=now + hour)

    with pytest.raises(LinkReplaced):
        set_up(first, at=now + hour)
    with pytest.raises(LinkReplaced):
        inviting.read_link(first.id, token, platform=first.platform, at=now + hour, purpose=InvitationPurpose.SET_UP)
    assert set_up(second_link, at=now + hour).account.state == State.ACTIVE


def test_somebody_who_was_invited_can_be_added_and_keeps_what_was_sent(people: People) -> None:
    invited = invite(people.alice, "erin@acme.example")

    added = add(people)

    assert added.account_id == invited.account_id
    assert set_up(added).account.status == Status.PROFESSIONAL
    invited.refresh_from_db()
    assert invited.accepted_at == now


def test_somebody_who_was_added_may_come_by_the_mailed_link_instead(people: People) -> None:
    added = add(people)
    invited = invite(people.alice, "erin@acme.example")

    assert complete(begin(invited)).account.status == Status.PROFESSIONAL
    with pytest.raises(AlreadyRegistered):
        set_up(added)


def test_somebody_who_is_there_is_not_added(people: People) -> None:
    with pytest.raises(PersonExists):
        add(people, address="ALICE@acme.example")


def test_the_operator_may_not_use_a_deceptive_name(people: People) -> None:
    with pytest.raises(InvalidName):
        operating.add_person(
            people.alice.platform,
            address=addresses.read_address("erin@acme.example"),
            name="support@acme.example",
            status=Status.PROFESSIONAL,
            at=now,
        )


def test_a_platform_is_founded_with_its_administrator(people: People) -> None:
    invitation = operating.found_platform(
        name="Initech",
        host="mail.initech.example",
        accent="#1f5f4f",
        support_address="help@initech.example",
        administrator=addresses.read_address("alice@acme.example"),
        administrator_name="Alice Initech",
        at=now,
    )

    administrator = set_up(invitation).account
    assert administrator.status == Status.ADMINISTRATOR
    assert administrator.platform.host == "mail.initech.example"
    assert administrator != people.alice
