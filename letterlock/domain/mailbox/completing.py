"""Completion while typing: people one has written with, and nobody else."""

import re
from dataclasses import dataclass

from django.db.models import Q

from letterlock.domain.accounts.models import Account, State
from letterlock.domain.mailbox.models import Correspondent
from letterlock.domain.policies import addresses, limits


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody to be offered."""

    name: str
    address: str


def people_like(account: Account, text: str, *, limit: int = limits.suggestions_shown) -> list[Person]:
    """Those whose address, or a word of whose name, begins with `text`; the latest correspondents first.

    SECURITY: somebody's Bcc is a correspondent of its sender alone. See test_completion_never_offers_a_bcc.
    """
    # PostgreSQL takes no NUL, and nobody types what cannot be seen.
    start = "".join(letter for letter in text if letter.isprintable()).strip()
    if not start:
        return []
    # A regular expression, because LIKE ignores case on SQLite for the letters of English only.
    begins_a_word = rf"(^|[\s('\-]){re.escape(start)}"
    known = Correspondent.objects.filter(
        Q(person__name__iregex=begins_a_word) | Q(person__address__startswith=addresses.in_lower_case(start)),
        account=account,
    ).exclude(person__state=State.CLOSED)
    found = known.select_related("person").order_by("-last_at", "id")[:limit]
    return [_person_of(each.person) for each in found]


def _person_of(account: Account) -> Person:
    return Person(name=account.name, address=account.shown_address)
