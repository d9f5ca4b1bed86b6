"""A forgotten password."""

from datetime import datetime

import pytest

from letterlock.domain.accounts import passwords, proving, resetting, signing_in
from letterlock.domain.accounts.admitting import SignedIn
from letterlock.domain.accounts.metering import TooManyTries
from letterlock.domain.accounts.models import Account, Challenge, Session
from letterlock.domain.accounts.passwords import WeakPassword
from letterlock.domain.accounts.proving import CodeGone, CookiesNeeded, WrongCode
from letterlock.domain.policies.addresses import InvalidAddress
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.outbox.models import Job
from tests.cast import People, password
from tests.domain.accounts.doing import (
    at_once,
    browser,
    facts,
    invite,
    minute,
    new_password,
    now,
    sign_in,
    wrong,
)


def begin(account: Account, *, network: str = "192.0.2.7", typed_in: str = browser, at: datetime = now) -> Challenge:
    return resetting.begin(platform=account.platform, address=account.address, browser=typed_in, network=network, at=at)


def complete(challenge: Challenge, *, code: str | None = None, to: str = new_password, at: datetime = now) -> SignedIn:
    return resetting.complete(
        challenge.id,
        code=proving.code_of(challenge) if code is None else code,
        password=to,
        browser=browser,
        platform=challenge.platform,
        client="Firefox on Android",
        at=at,
    )


def test_a_code_sets_a_new_password(people: People) -> None:
    signed_in = complete(begin(people.alice), at=now + minute)

    assert signed_in.account == people.alice
    assert sign_in(people.alice, typed=new_password).account == people.alice
    with pytest.raises(signing_in.WrongSignIn):
        sign_in(people.alice, typed=password)
    assert facts(people.alice)[:3] == ["code.requested", "password.reset", "session.started"]


def test_a_reset_ends_every_other_session_and_forgets_browsers(people: People) -> None:
    sign_in(people.alice, browser="a thief's")

    signed_in = complete(begin(people.alice))

    assert list(signing_in.open_sessions(people.alice, at=now)) == [signed_in.session]
    assert people.alice.known_browsers.count() == 1


def test_without_a_code_nothing_is_hashed(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "make_password", lambda typed: hashed.append(typed) or "a hash")
    waiting = begin(people.alice, typed_in="the owner's")
    over = begin(people.alice)

    for challenge, at in ((waiting, now), (over, now + 11 * minute)):
        with pytest.raises(CodeGone):
            complete(challenge, code="00000000", at=at)

    assert hashed == []


def test_a_reset_drops_codes_that_others_asked_for(people: People) -> None:
    other = begin(people.alice, typed_in="somebody else's")
    complete(begin(people.alice))

    other.refresh_from_db()
    assert other.used_at == now


def test_nobody_learns_whether_an_address_has_an_account(people: People) -> None:
    pending = invite(people.alice).account
    nobody = Account(platform=people.alice.platform, address="nobody@acme.example")
    left: list[tuple[int, ...]] = []
    for account in (people.alice, pending, nobody):
        before = Challenge.objects.count(), Entry.objects.count(), Job.objects.count()
        challenge = begin(account, network=account.address)
        after = Challenge.objects.count(), Entry.objects.count(), Job.objects.count()
        left.append(tuple(now_there - there for now_there, there in zip(after, before, strict=True)))
        with pytest.raises(WrongCode) as refusal:
            complete(challenge, code=wrong(proving.code_of(challenge)))
        assert refusal.value.details == {"left": 4}

    assert len(set(left)) == 1
    assert list(Challenge.objects.order_by("id").values_list("account", flat=True)) == [people.alice.id, None, None]


@pytest.mark.parametrize("address", ["alice@acme.example", "nobody@acme.example"])
def test_codes_are_throttled_alike(people: People, address: str) -> None:
    account = Account(platform=people.alice.platform, address=address)
    for number in range(10):
        begin(account, network=f"192.0.2.{number}")

    with pytest.raises(TooManyTries):
        begin(account, network="198.51.100.1")


def test_a_stranger_who_asks_keeps_no_owner_from_a_reset(people: People) -> None:
    for number in range(3):
        begin(people.alice, typed_in=f"a stranger's {number}", network="198.51.100.1")
    with pytest.raises(TooManyTries):
        begin(people.alice, typed_in="a stranger's other", network="198.51.100.1")

    assert begin(people.alice, network="192.0.2.7").account == people.alice


def test_a_browser_its_owner_signed_in_with_may_ask_whatever_strangers_do(people: People) -> None:
    sign_in(people.alice, browser=browser)
    for number in range(10):
        begin(people.alice, typed_in="a stranger's", network=f"198.51.100.{number}")
    with pytest.raises(TooManyTries):
        begin(people.alice, typed_in="a browser nobody knows")

    assert begin(people.alice).account == people.alice


def test_one_network_cannot_ask_for_everybody(people: People) -> None:
    for number in range(20):
        begin(Account(platform=people.alice.platform, address=f"p{number}@acme.example"))

    with pytest.raises(TooManyTries):
        begin(people.alice)


def test_what_is_no_address_is_refused(people: People) -> None:
    with pytest.raises(InvalidAddress):
        begin(Account(platform=people.alice.platform, address="alice"))


def test_a_browser_without_cookies_is_told(people: People) -> None:
    with pytest.raises(CookiesNeeded):
        begin(people.alice, typed_in="")


def test_a_weak_password_costs_no_try(people: People) -> None:
    challenge = begin(people.alice)

    with pytest.raises(WeakPassword):
        complete(challenge, to="short")

    challenge.refresh_from_db()
    assert challenge.tries_left == 5


def test_a_code_resets_once(people: People) -> None:
    challenge = begin(people.alice)

    outcomes = at_once(3, lambda: complete(challenge))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CodeGone", "CodeGone", "SignedIn"]
    assert Session.objects.count() == 1


def test_an_old_code_resets_nothing(people: People) -> None:
    challenge = begin(people.alice)

    with pytest.raises(CodeGone):
        complete(challenge, at=now + 10 * minute)


def test_a_reset_on_one_platform_is_nothing_on_the_other(people: People) -> None:
    complete(begin(people.alice))

    assert sign_in(people.alice_at_globex).account == people.alice_at_globex
