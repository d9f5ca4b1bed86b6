"""Facts about people."""

import enum

from letterlock.foundation.audit import events


@events.register
class AccountEvent(enum.StrEnum):
    """What can happen to an account. The same names are the outbox's topics."""

    PERSON_ADDED = "accounts.person.added"
    ACCOUNT_INVITED = "accounts.account.invited"
    CODE_REQUESTED = "accounts.code.requested"
    ACCOUNT_REGISTERED = "accounts.account.registered"
    ACCOUNT_RENAMED = "accounts.account.renamed"
    SESSION_STARTED = "accounts.session.started"
    SESSION_ENDED = "accounts.session.ended"
    PASSWORD_CHANGED = "accounts.password.changed"  # noqa: S105 -- the name of a fact
    PASSWORD_RESET = "accounts.password.reset"  # noqa: S105 -- the name of a fact
