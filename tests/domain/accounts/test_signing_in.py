"""Signing in and out, and who is kept out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from letterlock.domain.accounts import admitting, passwords, signing_in
from letterlock.domain.accounts.admitting import SignedIn
from letterlock.domain.accounts.metering import TooManyTries
from letterlock.domain.accounts.models import Account, KnownBrowser, Session, State, Throttle
from letterlock.domain.accounts.signing_in import WrongSignIn
from letterlock.domain.platforms.models import Platform
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import NotFound
from tests.cast import People, password
from tests.domain.accounts.doing import at_once, day, facts, hour, invite, minute, now, second, sign_in


def session_of(signed_in: SignedIn, *, at: datetime = now, touch: bool = True) -> Session | None:
    return signing_in.session_of_cookie(signed_in.key.reveal(), platform=signed_in.account.platform, at=at, touch=touch)


def fail(account: Account, times: int, **changes: Any) -> None:
    for _ in range(times):
        with pytest.raises(WrongSignIn):
            sign_in(account, typed="not the password", **changes)


def test_signing_in_renews_a_hash_whose_costs_were_raised(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Account.objects.get(id=people.alice.id).password
    sign_in(people.alice)
    assert Account.objects.get(id=people.alice.id).password == before

    monkeypatch.setattr(passwords.Argon2idHasher, "time_cost", 3)
    sign_in(people.alice)

    renewed = Account.objects.get(id=people.alice.id).password
    assert renewed.startswith("argon2$argon2id$v=19$m=19456,t=3,p=1$")
    assert sign_in(people.alice).account == people.alice
    assert Account.objects.get(id=people.alice.id).password == renewed


def test_the_right_password_starts_a_session(people: People) -> None:
    signed_in = sign_in(people.alice)

    assert signed_in.account == people.alice
    assert session_of(signed_in) == signed_in.session
    assert signed_in.session.client == "Chromium on Linux"
    assert facts(people.alice) == ["session.started"]


@pytest.mark.parametrize("address", ["ALICE@acme.example", " alice@ACME.example", '"alice"@acme.example'])
def test_the_address_may_be_spelled_in_any_way(people: People, address: str) -> None:
    assert sign_in(people.alice, address=address).account == people.alice


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("alice@acme.example", "not the password"),
        ("alice@acme.example", ""),
        ("alice@acme.example", password + " "),
        ("alice@acme.example", password + "x" * 2000),
        ("nobody@acme.example", password),
        ("mallory@globex.example", password),
        ("no address", password),
        ("", password),
        ("\ud800@acme.example", password),
        ("alice\0@acme.example", password),
        ("x" * 5000, password),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(people: People, address: str, typed: str) -> None:
    with pytest.raises(WrongSignIn) as refusal:
        sign_in(people.alice, address=address, typed=typed)

    assert refusal.value.details == {}
    assert not Session.objects.exists()


def test_the_same_address_elsewhere_has_another_password(people: People) -> None:
    Account.objects.filter(id=people.alice_at_globex.id).update(password=passwords.hash_new("the other platform's"))

    with pytest.raises(WrongSignIn):
        sign_in(people.alice_at_globex)
    assert sign_in(people.alice).account == people.alice
    assert sign_in(people.alice_at_globex, typed="the other platform's").account == people.alice_at_globex


def test_pending_and_closed_accounts_are_not_signed_in_to(people: People) -> None:
    Account.objects.filter(id=people.bob.id).update(state=State.CLOSED)

    for account in (people.bob, invite(people.alice).account):
        with pytest.raises(WrongSignIn):
            sign_in(account)


def test_an_unknown_address_costs_as_many_hashes_as_a_known_one(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    honest = passwords.Argon2idHasher.verify

    def counting(self: passwords.Argon2idHasher, given: str, encoded: str) -> bool:
        hashed.append(encoded.rpartition("$")[0].rpartition("$")[0])
        return honest(self, given, encoded)

    monkeypatch.setattr(passwords.Argon2idHasher, "verify", counting)
    pending = invite(people.alice).account.address
    rows = []
    for address in ("alice@acme.example", "nobody@acme.example", pending, "no address"):
        before = Entry.objects.count(), Throttle.objects.count()
        with pytest.raises(WrongSignIn):
            sign_in(people.alice, address=address, typed="not the password", network=f"net {address}")
        rows.append((Entry.objects.count() - before[0], Throttle.objects.count() - before[1]))

    assert hashed == ["argon2$argon2id$v=19$m=19456,t=2,p=1"] * 4
    assert set(rows) == {(0, 3)}


@pytest.mark.parametrize("address", ["alice@acme.example", "nobody@acme.example"])
def test_failures_from_one_network_lock_that_network_out(people: People, address: str) -> None:
    fail(people.alice, 5, address=address)

    with pytest.raises(TooManyTries) as refusal:
        sign_in(people.alice, address=address)
    assert "1 min" in refusal.value.explain()


def test_after_a_minute_one_more_try_is_free(people: People) -> None:
    fail(people.alice, 5)

    assert sign_in(people.alice, at=now + minute).account == people.alice


def test_failures_from_many_networks_lock_the_address_out_for_strangers(people: People) -> None:
    for number in range(10):
        fail(people.alice, 1, network=f"192.0.2.{number}")

    with pytest.raises(TooManyTries):
        sign_in(people.alice, network="198.51.100.1")
    assert sign_in(people.carol, network="198.51.100.1").account == people.carol
    assert sign_in(people.alice_at_globex, network="198.51.100.1").account == people.alice_at_globex


def test_the_owners_known_browser_is_not_locked_out(people: People) -> None:
    sign_in(people.alice, browser="Alice's own")
    for number in range(10):
        fail(people.alice, 1, network=f"192.0.2.{number}")

    assert sign_in(people.alice, browser="Alice's own", network="192.0.2.1").account == people.alice
    with pytest.raises(TooManyTries):
        sign_in(people.alice, browser="a stranger's")


def test_a_known_browser_has_a_limit_of_its_own(people: People) -> None:
    sign_in(people.alice, browser="Alice's own")
    fail(people.alice, 10, browser="Alice's own")

    with pytest.raises(TooManyTries):
        sign_in(people.alice, browser="Alice's own")


def test_a_browser_known_to_one_person_is_a_strangers_for_another(people: People) -> None:
    sign_in(people.mallory, browser="Mallory's own")
    sign_in(people.carol, browser="Mallory's own")
    fail(people.alice, 5, browser="Mallory's own")

    with pytest.raises(TooManyTries):
        sign_in(people.alice, browser="Mallory's own")


def test_one_network_cannot_try_every_address(people: People) -> None:
    for number in range(60):
        signing_in_fails_quickly(people.alice.platform, f"p{number}@acme.example")

    with pytest.raises(TooManyTries):
        sign_in(people.carol, address="one-more@acme.example")


def signing_in_fails_quickly(platform: Platform, address: str) -> None:
    """What a failed sign-in leaves in the buckets, without its hash."""
    signing_in._begin(platform=platform, address=address, browser=None, network="192.0.2.7", at=now)


def test_signing_in_rightly_again_and_again_is_not_throttled(people: People) -> None:
    for _ in range(12):
        assert sign_in(people.alice, browser="").account == people.alice


def test_many_guesses_at_once_get_no_more_tries(people: People) -> None:
    outcomes = at_once(8, lambda: sign_in(people.alice, typed="not the password"))

    assert [type(outcome) for outcome in outcomes].count(WrongSignIn) == 5
    assert [type(outcome) for outcome in outcomes].count(TooManyTries) == 3


def test_every_sign_in_has_a_fresh_key_and_ends_the_browsers_former_session(people: People) -> None:
    first = sign_in(people.alice)
    second = sign_in(people.alice, replacing=first.session)

    assert second.key.reveal() != first.key.reveal()
    assert session_of(first) is None
    assert session_of(second) == second.session


def test_a_password_changed_while_it_was_compared_is_wrong(people: People) -> None:
    stale = Account.objects.get(id=people.alice.id)
    Account.objects.filter(id=people.alice.id).update(password=passwords.hash_new("a newer password"))

    with pytest.raises(WrongSignIn):
        signing_in._let_in(stale, [], browser=None, client="", at=now, replacing=None)


def test_a_session_is_nothing_on_another_platform(people: People) -> None:
    signed_in = sign_in(people.alice)

    assert signing_in.session_of_cookie(signed_in.key.reveal(), platform=people.mallory.platform, at=now) is None


@pytest.mark.parametrize("value", ["", "x", "x" * 10_000, "é\0", "' OR 1=1"])
def test_a_made_up_cookie_is_nobodys(people: People, value: str) -> None:
    sign_in(people.alice)

    assert signing_in.session_of_cookie(value, platform=people.alice.platform, at=now) is None


def test_a_session_ends_after_twelve_idle_hours(people: People) -> None:
    signed_in = sign_in(people.alice)

    assert session_of(signed_in, at=now + 12 * hour - second, touch=False) is not None
    assert session_of(signed_in, at=now + 12 * hour) is None


def test_a_session_in_use_ends_after_seven_days(people: People) -> None:
    signed_in, at = sign_in(people.alice), now
    while at < now + 7 * day - 6 * hour:
        at += 6 * hour
        assert session_of(signed_in, at=at) is not None

    assert session_of(signed_in, at=now + 7 * day) is None


def test_last_seen_is_saved_at_most_once_a_minute(people: People) -> None:
    signed_in = sign_in(people.alice)

    def last_seen(at: timedelta, *, touch: bool = True) -> timedelta:
        session_of(signed_in, at=now + at, touch=touch)
        return Session.objects.get(id=signed_in.session.id).last_seen_at - now

    assert last_seen(59 * second) == timedelta(0)
    assert last_seen(61 * second) == 61 * second
    assert last_seen(5 * minute, touch=False) == 61 * second


def test_who_is_signed_in_reads_on_while_nothing_can_be_written(people: People) -> None:
    signed_in = sign_in(people.alice)

    with read_only():
        session = session_of(signed_in, at=now + 5 * minute)

    assert session is not None
    assert Session.objects.get(id=signed_in.session.id).last_seen_at == now


@contextmanager
def read_only() -> Iterator[None]:
    """A database that takes no writes, as on a full disk."""
    is_sqlite = connection.vendor == "sqlite"
    switch = "PRAGMA query_only = {}" if is_sqlite else "SET default_transaction_read_only = {}"
    with connection.cursor() as cursor:
        cursor.execute(switch.format("on"))
        try:
            yield
        finally:
            cursor.execute(switch.format("off"))


def test_the_session_of_a_closed_account_opens_nothing(people: People) -> None:
    signed_in = sign_in(people.alice)
    Account.objects.filter(id=people.alice.id).update(state=State.CLOSED)

    assert session_of(signed_in) is None


def test_signing_out_ends_the_session_and_again_changes_nothing(people: People) -> None:
    signed_in = sign_in(people.alice)

    signing_in.sign_out(signed_in.session, at=now + minute)
    signing_in.sign_out(signed_in.session, at=now + hour)

    assert session_of(signed_in) is None
    assert Session.objects.get().ended_at == now + minute
    assert facts(people.alice) == ["session.started", "session.ended"]


def test_a_session_can_be_ended_from_afar(people: People) -> None:
    lost, here = sign_in(people.alice), sign_in(people.alice)

    signing_in.end_session(people.alice, lost.session.id, at=now)

    assert session_of(lost) is None
    assert list(signing_in.open_sessions(people.alice, at=now)) == [here.session]
    with pytest.raises(NotFound):
        signing_in.end_session(people.alice, lost.session.id, at=now)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("alice", True),
        ("bob", False),
        ("carol", False),
        ("dora", False),
        ("mallory", False),
        ("alice_at_globex", False),
    ],
)
def test_who_may_end_a_session(people: People, name: str, may: bool) -> None:
    signed_in = sign_in(people.alice)
    if may:
        signing_in.end_session(people.by_name(name), signed_in.session.id, at=now)
    else:
        with pytest.raises(NotFound):
            signing_in.end_session(people.by_name(name), signed_in.session.id, at=now)
    assert (session_of(signed_in) is None) == may


def test_all_other_sessions_can_be_ended(people: People) -> None:
    here, *others = (sign_in(people.alice) for _ in range(3))
    carols = sign_in(people.carol)

    signing_in.end_other_sessions(here.session, at=now)

    assert session_of(here) is not None
    assert session_of(carols) is not None
    assert [session_of(other) for other in others] == [None, None]
    entries = Entry.objects.count()
    signing_in.end_other_sessions(here.session, at=now)
    assert Entry.objects.count() == entries


def test_twenty_browsers_are_remembered(people: People) -> None:
    with transactions.writing():
        for number in range(25):
            admitting.admit(people.alice, browser=f"browser {number}", client="", at=now + number * minute, method="x")

    remembered = set(KnownBrowser.objects.values_list("seen_at", flat=True))
    assert remembered == {now + number * minute for number in range(5, 25)}
