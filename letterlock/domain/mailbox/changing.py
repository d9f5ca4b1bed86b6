"""What changed on a person's page: one row each, with a number that grows.

A fragment is the name of a piece of page: "folders", "list:inbox", "message:<uuid>", "notices". The page asks
with the number it knows and is told which pieces to fetch again; "page" means all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import seeing
from letterlock.domain.mailbox.models import ChangeFeed, Participation, Role
from letterlock.domain.policies import limits
from letterlock.foundation.kernel import transactions

whole_page = "page"
#: How many fragments a row remembers. Whoever knows only what came before the oldest is sent the whole page.
kept_fragments = 64


@dataclass(frozen=True, kw_only=True)
class Changes:
    """The number to ask with next time, and what to fetch again."""

    number: int
    fragments: tuple[str, ...]


@transactions.required
def stir(account_ids: Iterable[UUID], *, fragments: Iterable[str]) -> None:
    """Note that these fragments changed for these people: three queries, whether for one or for five hundred."""
    named = tuple(fragments)
    stir_each(dict.fromkeys(account_ids, named))


@transactions.required
def stir_each(changes: Mapping[UUID, Iterable[str]]) -> None:
    """Note each person's own fragments. A verb calls this once, last.

    Rows are made and locked in the order of their keys: two verbs that stir each other's people in any other order
    would wait for each other on PostgreSQL.
    """
    ordered = sorted(changes)
    ChangeFeed.objects.bulk_create([ChangeFeed(account_id=one) for one in ordered], ignore_conflicts=True)
    feeds = list(ChangeFeed.objects.select_for_update().filter(account_id__in=ordered).order_by("account_id"))
    for feed in feeds:
        _add(feed, changes[feed.account_id])
    ChangeFeed.objects.bulk_create(
        feeds, update_conflicts=True, unique_fields=["account"], update_fields=["number", "fragments"]
    )


def around(place: Participation, *, own: Iterable[str] = ()) -> dict[UUID, list[str]]:
    """For `stir_each`: what something that happened to one person changes on whose page.

    SECURITY: people who may not know of this person are not stirred, so that no reload betrays a Bcc.
    See test_what_a_bcc_does_stirs_nobody_but_the_sender.
    """
    message = f"message:{place.message_id}"
    watchers = seeing.watchers_of(place, everybody=_looking_on(place))
    changes = {watcher.account_id: [message, *_rows_with_meter(watcher)] for watcher in watchers}
    changes[place.account_id] = [message, *own]
    return changes


@transactions.opened
def stir_around(account_id: UUID) -> None:
    """Somebody has another name now: whoever sees them on a slip sees the new one."""
    changes: dict[UUID, list[str]] = {}
    named = Participation.objects.filter(account_id=account_id, removed_at=None)
    for place in named.select_related("message").order_by("-id")[:kept_fragments]:
        for one, names in around(place).items():
            changes[one] = [*changes.get(one, ()), *names]
    stir_each(changes)


def _looking_on(place: Participation) -> QuerySet[Participation]:
    # SECURITY: an opening waits until these rows are written, and must not take the longer, the more were Bcc'd. They
    # learn of it by the worker's notice. See test_an_opening_is_the_same_work_whoever_was_bccd.
    others = place.message.participations.filter(~Q(role=Role.BCC) | Q(id=place.id), removed_at=None)
    # With five hundred people each opening would write five hundred rows; there, recipients see the others' progress
    # when they look again, and the sender at once. Open people only: the choice must not tell how many are Bcc'd.
    is_small = place.message.open_people <= limits.recipients_told_one_by_one
    return others if is_small else others.filter(Q(role=Role.FROM) | Q(id=place.id))


def for_everybody(message_id: UUID) -> dict[UUID, list[str]]:
    """For `stir_each`: what something that happened to the message itself changes, on the page of each who has it."""
    places = Participation.objects.filter(message_id=message_id, removed_at=None)
    return {place.account_id: [f"message:{message_id}", *_rows_with_meter(place)] for place in places}


def _rows_with_meter(watcher: Participation) -> list[str]:
    return [] if watcher.purged_at else [f"list:{watcher.folder}"]


def _add(feed: ChangeFeed, fragments: Iterable[str]) -> None:
    feed.number += 1
    latest = feed.fragments | dict.fromkeys(fragments, feed.number)
    # The whole page counts as changed at the newest number that is forgotten.
    forgotten = latest.pop(whole_page, 0)
    newest_first = sorted(latest.items(), key=lambda item: item[1], reverse=True)
    for _name, number in newest_first[kept_fragments:]:
        forgotten = max(forgotten, number)
    feed.fragments = dict(newest_first[:kept_fragments]) | ({whole_page: forgotten} if forgotten else {})


def number_of(account: Account) -> int:
    """The number a page starts with."""
    feed = ChangeFeed.objects.filter(account=account).values_list("number", flat=True).first()
    return feed or 0


def changes_since(account: Account, number: int) -> Changes | None:
    """What changed after `number`, or None; reads one row.

    A number from the future is one from before a restore: everything may have changed.
    """
    feed = ChangeFeed.objects.filter(account=account).first()
    current = feed.number if feed else 0
    if number == current:
        return None
    if feed is None or number > current or feed.fragments.get(whole_page, 0) > number:
        return Changes(number=current, fragments=(whole_page,))
    return Changes(number=current, fragments=tuple(sorted(name for name, at in feed.fragments.items() if at > number)))
