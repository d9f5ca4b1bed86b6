"""Passwords: Argon2id, equal work for everybody, and what a good one is."""

import base64
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.policies import limits
from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.kernel.transactions import Busy

_turns = threading.BoundedSemaphore(limits.hashes_at_once)


class WeakPassword(Refusal):
    """Too short, too long, or known to everybody who guesses."""

    kind = Kind.INVALID
    code = "accounts.weak_password"
    sentence = _("Please choose another password. {because} Nothing was changed.")


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane (OWASP's first choice), at most two at once a process.

    Without the bound, a crowd at the sign-in page would take 19 MiB for each thread and starve everybody else.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _in_turn():
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        with _in_turn():
            return bool(super().verify(password, encoded))


def hash_new(password: str) -> str:
    """The stored form of a password that somebody chose. Raises WeakPassword."""
    normal = _normalise(password)
    if len(password) > limits.password_most_characters:
        raise WeakPassword(because=_("It is longer than 1,024 characters."))
    try:
        validate_password(normal)
    except ValidationError as error:
        raise WeakPassword(because=" ".join(error.messages)) from error
    return make_password(normal)


def is_right(password: str, *, account: Account | None) -> bool:
    """Whether this is the account's password; as much work when there is no account or no password.

    SECURITY: the time of an answer must not tell who has an account.
    See test_an_unknown_address_costs_as_many_hashes_as_a_known_one.
    """
    has_password = account is not None and account.has_usable_password()
    encoded = account.password if account is not None and has_password else _nobodys
    matches = Argon2idHasher().verify(_normalise(password), encoded)
    return matches and has_password and len(password) <= limits.password_most_characters


def renewed(password: str, *, account: Account) -> str:
    """What to keep of a password that was right: a fresh hash when the costs have changed since, else what is kept."""
    if not Argon2idHasher().must_update(account.password):
        return account.password
    return make_password(_normalise(password))


def _normalise(password: str) -> str:
    # Two keyboards may spell one letter differently (NIST SP 800-63B, 3.1.1.2). The cut bounds the work.
    return unicodedata.normalize("NFKC", password[: limits.password_most_characters])


@contextmanager
def _in_turn() -> Iterator[None]:
    if not _turns.acquire(timeout=limits.hash_waiting.total_seconds()):
        raise Busy
    try:
        yield
    finally:
        _turns.release()


def _make_nobodys() -> str:
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    cost = f"m={Argon2idHasher.memory_cost},t={Argon2idHasher.time_cost},p={Argon2idHasher.parallelism}"
    return f"argon2$argon2id$v=19${cost}${salt}${digest}"


#: A hash in the right form that no password is known for: random bytes, fresh in each process.
_nobodys = _make_nobodys()
