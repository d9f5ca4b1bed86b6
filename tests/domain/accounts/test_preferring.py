"""What people set for themselves."""

from datetime import datetime
from typing import Any

import pytest

from letterlock.domain.accounts import preferring, signing_in
from letterlock.domain.accounts.metering import TooManyTries
from letterlock.domain.accounts.models import Account, Retrieval, Session
from letterlock.domain.accounts.passwords import WeakPassword
from letterlock.domain.accounts.preferring import RenamedTooOften, WrongPassword
from letterlock.domain.policies.names import InvalidName
from letterlock.domain.policies.zones import InvalidTimeZone
from letterlock.foundation.kernel.refusals import Refusal
from tests.cast import People, password
from tests.domain.accounts.doing import at_once, day, facts, hour, minute, new_password, now, second, sign_in


def change(account: Account, *, at: datetime = now, **changes: Any) -> Account:
    form: dict[str, Any] = {
        "name": account.name,
        "time_zone": account.time_zone,
        "retrieval": Retrieval.AUTOMATIC,
        "wants_first_access_mail": True,
    }
    return preferring.change_preferences(account, **(form | changes), at=at)


def test_preferences_are_kept(people: People) -> None:
    change(people.alice, time_zone="America/New_York", retrieval=Retrieval.ON_REQUEST, wants_first_access_mail=False)

    alice = Account.objects.get(id=people.alice.id)
    assert (alice.time_zone, alice.retrieval, alice.wants_first_access_mail) == (
        "America/New_York",
        Retrieval.ON_REQUEST,
        False,
    )
    assert facts(alice) == []


@pytest.mark.parametrize(
    ("changes", "refusal"), [({"name": "a@b"}, InvalidName), ({"time_zone": "Mars/Olympus"}, InvalidTimeZone)]
)
def test_a_form_that_will_not_do_changes_nothing(
    people: People, changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        change(people.alice, wants_first_access_mail=False, **changes)

    assert Account.objects.get(id=people.alice.id).wants_first_access_mail


def test_a_name_changes_at_most_twice_in_any_twenty_four_hours(people: People) -> None:
    change(people.alice, name="Alice One")
    change(people.alice, name="Alice Two", at=now + 12 * hour)

    with pytest.raises(RenamedTooOften):
        change(people.alice, name="Alice Three", at=now + day - second)
    change(people.alice, name="Alice Three", at=now + day)
    with pytest.raises(RenamedTooOften):
        change(people.alice, name="Alice Four", at=now + day + 11 * hour)
    change(people.alice, name="Alice Four", at=now + day + 12 * hour)
    assert facts(people.alice) == ["account.renamed"] * 4


def test_the_same_name_again_is_no_change(people: People) -> None:
    for _ in range(5):
        change(people.alice, name="  Alice Ashdown ")

    assert Account.objects.get(id=people.alice.id).renamed_at is None


def test_the_password_changes_and_other_sessions_end(people: People) -> None:
    here, elsewhere = sign_in(people.alice), sign_in(people.alice)

    preferring.change_password(here.session, old=password, new=new_password, at=now + minute)

    assert list(signing_in.open_sessions(people.alice, at=now + minute)) == [here.session]
    assert sign_in(people.alice, typed=new_password).account == people.alice
    assert "password.changed" in facts(people.alice)
    elsewhere.session.refresh_from_db()
    assert elsewhere.session.ended_at == now + minute


def test_the_old_password_must_be_right(people: People) -> None:
    here = sign_in(people.alice)

    with pytest.raises(WrongPassword):
        preferring.change_password(here.session, old="not the password", new=new_password, at=now)
    assert sign_in(people.alice).account == people.alice


def test_a_weak_new_password_is_refused(people: People) -> None:
    here = sign_in(people.alice)

    with pytest.raises(WeakPassword):
        preferring.change_password(here.session, old=password, new="short", at=now)
    assert sign_in(people.alice).account == people.alice


def test_guessing_the_old_password_is_throttled(people: People) -> None:
    here = sign_in(people.alice)
    for _ in range(5):
        with pytest.raises(WrongPassword):
            preferring.change_password(here.session, old="not the password", new=new_password, at=now)

    with pytest.raises(TooManyTries):
        preferring.change_password(here.session, old=password, new=new_password, at=now)


def test_of_two_changes_at_once_one_wins(people: People) -> None:
    here = sign_in(people.alice)

    outcomes = at_once(
        2,
        lambda: preferring.change_password(
            Session.objects.get(id=here.session.id), old=password, new=new_password, at=now
        ),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "WrongPassword"]
    assert facts(people.alice).count("password.changed") == 1
