"""Argon2id, and what is a good password."""

import threading
import unicodedata
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, identify_hasher

from letterlock.domain.accounts import passwords
from letterlock.domain.accounts.models import Account
from letterlock.domain.accounts.passwords import Argon2idHasher, WeakPassword
from letterlock.domain.policies import limits
from letterlock.foundation.kernel.transactions import Busy
from tests.domain.accounts.doing import at_once

good = "a goose walks over granite"


def test_passwords_are_hashed_with_argon2id_and_the_parameters_of_the_design() -> None:
    encoded = passwords.hash_new(good)

    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert isinstance(identify_hasher(encoded), Argon2idHasher)
    assert passwords.hash_new(good) != encoded


def test_the_right_password_is_right_and_others_are_not() -> None:
    account = Account(password=passwords.hash_new(good))

    assert passwords.is_right(good, account=account)
    assert not passwords.is_right(good.upper(), account=account)
    assert not passwords.is_right("", account=account)


def test_nobody_has_no_right_password() -> None:
    pending = Account()
    pending.set_unusable_password()

    assert not passwords.is_right(good, account=None)
    assert not passwords.is_right("", account=None)
    assert not passwords.is_right(pending.password, account=pending)


def test_two_keyboards_spell_the_same_password() -> None:
    account = Account(password=passwords.hash_new("größer als Zürich"))

    assert passwords.is_right(unicodedata.normalize("NFD", "größer als Zürich"), account=account)


@pytest.mark.parametrize(
    ("password", "because"),
    [("eleven char", "at least 12"), ("1q2w3e4r5t6y", "too common"), ("x" * 1025, "longer than 1,024")],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(password: str, because: str) -> None:
    with pytest.raises(WeakPassword) as refusal:
        passwords.hash_new(password)

    assert because in refusal.value.explain()


def test_at_most_two_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    guard, running, most = threading.Lock(), 0, 0
    honest = Argon2PasswordHasher.encode

    def counting(self: Argon2PasswordHasher, password: str, salt: str) -> str:
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
        try:
            return str(honest(self, password, salt))
        finally:
            with guard:
                running -= 1

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counting)
    at_once(6, lambda: passwords.hash_new(good))

    assert most <= 2


def test_whoever_waits_too_long_for_a_turn_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "hash_waiting", timedelta(0))
    with passwords._in_turn(), passwords._in_turn(), pytest.raises(Busy):
        passwords.hash_new(good)

    assert passwords.hash_new(good)
