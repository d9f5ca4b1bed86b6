"""What a piece of work costs, counted instead of timed: statements, hashes of passwords, rows."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connections
from django.db.models.signals import post_init

from letterlock.domain.accounts import passwords
from letterlock.domain.accounts.models import Account


@dataclass
class Work:
    """Statements in their order, with how many values each took; the parameters of each hash; accounts read."""

    statements: list[tuple[str, str, int]] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    accounts_read: int = 0

    def note_account(self, **_told: Any) -> None:
        self.accounts_read += 1


@contextmanager
def counted() -> Iterator[Work]:
    """Everything that is done in the block: it is done as ever, and noted."""
    work, verify, encode = Work(), passwords.Argon2idHasher.verify, passwords.Argon2idHasher.encode

    def noting_verify(self: passwords.Argon2idHasher, given: str, encoded: str) -> bool:
        work.hashes.append(encoded.rpartition("$")[0].rpartition("$")[0])
        return verify(self, given, encoded)

    def noting_encode(self: passwords.Argon2idHasher, given: str, salt: str) -> str:
        work.hashes.append("a fresh one")
        return encode(self, given, salt)

    with ExitStack() as stack:
        for alias in ("default", "keystore"):
            stack.enter_context(connections[alias].execute_wrapper(_noting(work, alias)))
        passwords.Argon2idHasher.verify = noting_verify
        passwords.Argon2idHasher.encode = noting_encode
        stack.callback(setattr, passwords.Argon2idHasher, "verify", verify)
        stack.callback(setattr, passwords.Argon2idHasher, "encode", encode)
        post_init.connect(work.note_account, sender=Account)
        stack.callback(post_init.disconnect, work.note_account, sender=Account)
        yield work


def _noting(work: Work, alias: str) -> Any:
    def note(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        work.statements.append((alias, sql, len(values or ())))
        return execute(sql, values, many, context)

    return note
