"""Looks into the stores after a crash, as nobody in the product can: what is lost, doubled, kept too long or gone too
early. The stage hand of a product under fire, with a few words more."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

from django.db import connections

from tests.journeys import stage  # Django is set up by it

# isort: split
from django.core.management import CommandError, call_command
from django.utils import timezone

from letterlock.config import examining
from letterlock.domain.accounts.models import Account, Session, State
from letterlock.domain.mailbox import parts, shredding, subjects
from letterlock.domain.mailbox.models import Draft, Message, Participation, Role
from letterlock.domain.notices.models import Mail, PageNotice
from letterlock.domain.platforms.models import Platform
from letterlock.foundation.audit.models import Entry, Pending
from letterlock.foundation.kernel import transactions
from letterlock.foundation.outbox.models import Job
from letterlock.foundation.vault import journal, sweeping, wrapping
from letterlock.foundation.vault.keystore.models import Share, Tombstone
from letterlock.foundation.vault.models import Holder, Wrap
from letterlock.foundation.vault.sealing import Tampered
from letterlock.foundation.vault.settings import vault_settings
from letterlock.foundation.vault.wrapping import ShareGone

chore_topic = "outbox.chore"


def lapse() -> None:
    """Let the time pass that a lease or a pause would take. Only while no worker runs, or none has work."""
    now = timezone.now()
    with transactions.writing():
        Job.objects.filter(dead_at=None).update(leased_until=None, due_at=now)


def owed() -> int:
    """How many jobs are waiting, chores left out."""
    return Job.objects.exclude(topic=chore_topic).filter(dead_at=None).count()


def relay_said() -> list[str]:
    """What is noted of the relay for mails that wait for another try."""
    return list(Mail.objects.filter(state="deferred").values_list("server_said", flat=True))


def age_sessions() -> None:
    """Everybody was last here a while ago."""
    with transactions.writing():
        Session.objects.update(last_seen_at=timezone.now() - timedelta(minutes=10))


def unplaced() -> int:
    """How many entries have no place in the tree yet."""
    return Pending.objects.count()


def messages_called(*, subject: str) -> list[str]:
    """The messages with this subject: one, if it was sent once."""
    return [str(one.id) for one in Message.objects.order_by("-sent_at")[:50] if subjects.subject_of(one) == subject]


def state_of(*, host: str, address: str) -> str:
    return Account.objects.get(platform__hosts__name=host, address=address).state


def facts(*, message: str) -> dict[str, int]:
    """How often each kind of fact is in the ledger for this message."""
    return dict(Counter(Entry.objects.filter(subject_id=message).values_list("event", flat=True)))


def look(*, newest: int) -> list[str]:
    """What is wrong with the newest messages, with keys, tombstones, journal and ledger; a sentence each."""
    messages = list(Message.objects.select_related("sender", "recall").order_by("-sent_at")[:newest])
    found = [sentence for message in messages for sentence in _wrong_with(message)]
    return [*found, *_wrong_with_mails(), *_wrong_with_keys(), *_wrong_with_people(), *_wrong_with_commands()]


def sweep() -> dict[str, int]:
    """A week later, somebody has looked: what crashed sends left is swept, and nothing else."""
    counts = {"nameless": 0, "left": 0}
    later = timezone.now() + sweeping.nameless_age * 2
    for platform in Platform.objects.all():
        swept = sweeping.sweep_nameless_shares(platform.id, at=later, was_looked_at=True)
        counts["nameless"] += swept.swept
        counts["left"] += sweeping.count_nameless(platform.id, at=later)
    return counts


def begin() -> None:
    """Remember what `letterlock check` says of this machine before anything burns."""
    _known.update(_said_by_check())


_known: set[str] = set()


def _said_by_check() -> set[str]:
    return set(examining.problems(at=timezone.now()))


def _wrong_with(message: Message) -> Iterator[str]:
    places = list(message.participations.select_related("account"))
    for place in places:
        yield from _wrong_with_place(message, place)
    told = Counter(Entry.objects.filter(subject_id=message.id).values_list("event", flat=True))
    recalled = hasattr(message, "recall")
    once = {
        "mailbox.message.sent": 1,
        "mailbox.message.recalled": int(recalled),
        "mailbox.keys.destroyed": int(recalled),
    }
    for event, wanted in once.items():
        if told[event] != wanted:
            yield f"{message.id} has {told[event]} entries {event}, and {wanted} are right."
    if recalled and message.keys_destroyed_at is None:
        yield f"{message.id} was recalled, and its keys are not destroyed."


def _wrong_with_place(message: Message, place: Participation) -> Iterator[str]:
    recall = getattr(message, "recall", None)
    is_kept = recall is None or (place.role == Role.FROM and not recall.destroys_own_copy)
    if is_kept != _opens(message, place):
        yield f"{message.id} {'does not open' if is_kept else 'still opens'} for its {place.role}."
    entries = Counter(Entry.objects.filter(object_id=place.id).values_list("event", flat=True))
    if place.role != Role.FROM and (place.retrieved_at is None) != (entries["mailbox.message.retrieved"] == 0):
        yield f"{place.id}: slip and ledger differ on whether it was retrieved."
    for event in ("mailbox.message.invited", "mailbox.message.notified"):
        if entries[event] > 1:
            yield f"{place.id} has {entries[event]} entries {event}."
    if place.retrieved_at and place.role != Role.FROM and message.tracking:
        notices = PageNotice.objects.filter(account=message.sender, about=place).count()
        mails = Mail.objects.filter(participation=place, kind="access").count()
        if (notices, mails) != (1, 1):
            yield f"{place.id}: the first opening was told {notices} times in the page and {mails} times by mail."


def _wrong_with_mails() -> Iterator[str]:
    """No mail waits for a job that is gone; a mail the relay took is on the slip."""
    if forgotten := Mail.objects.filter(state__in=["queued", "deferred"]).count():
        yield f"{forgotten} mails wait, and nobody carries them."
    taken = Mail.objects.filter(state="accepted", kind__in=["invitation", "message"])
    if untold := taken.filter(participation__invited_at=None, participation__notified_at=None).count():
        yield f"{untold} mails were taken by the relay, and no slip says so."


def _opens(message: Message, place: Participation) -> bool:
    thing = shredding.thing_of(message.id)
    try:
        share = wrapping.fetch_share(thing, holder=Holder(place.account_id), platform_id=message.platform_id)
        return bool(parts.open_html(thing, key=wrapping.unwrap(share)))
    except (ShareGone, Tampered):
        return False


def _wrong_with_keys() -> Iterator[str]:
    """Shares, tombstones and journal say the same; what no wrap names belongs to nothing that exists."""
    blank = set(Share.objects.filter(is_blank=True).values_list("id", flat=True))
    tombs = set(Tombstone.objects.values_list("share_id", flat=True))
    named = set(Wrap.objects.values_list("share_id", flat=True))
    lines = {line.share_id for line in journal.read(vault_settings().journal)}
    alive = dict(Share.objects.alive().values_list("id", "object_id"))
    if blank != tombs:
        yield f"{len(blank ^ tombs)} shares are blank without a tombstone, or the other way round."
    if tombs - lines:
        yield f"{len(tombs - lines)} tombstones have no line in the journal."
    if unfinished := {one for one in lines - tombs if one in named}:
        yield f"{len(unfinished)} shares are in the journal, and were not destroyed."
    if lost := named - alive.keys() - tombs:
        yield f"{len(lost)} wraps name a share that is not there."
    nameless = {alive[one] for one in alive.keys() - named}
    things: set[UUID] = {*Message.objects.values_list("id", flat=True), *Draft.objects.values_list("id", flat=True)}
    if kept := nameless & things:
        yield f"{len(kept)} letters have shares that their wraps do not name."


def _wrong_with_people() -> Iterator[str]:
    registered = Counter(Entry.objects.filter(event="accounts.account.registered").values_list("subject_id", flat=True))
    for account in Account.objects.filter(state=State.ACTIVE, invitations__purpose="register", status="guest"):
        if registered[account.id] != 1:
            yield f"The account {account.id} is in use, and was registered {registered[account.id]} times."


def _wrong_with_commands() -> Iterator[str]:
    try:
        call_command("ledger", "verify", stdout=StringIO())
    except CommandError as unsound:
        yield f"letterlock ledger verify: {unsound}"
    for sentence in sorted(_said_by_check() - _known):
        yield f"letterlock check: {sentence}"


def _alone(word: Any) -> Any:
    """No connection outlives a word: whoever is killed next must leave the stores to nobody's care."""

    def inside(**details: Any) -> Any:
        try:
            return word(**details)
        finally:
            connections.close_all()

    return inside


own_words = (
    relay_said,
    age_sessions,
    lapse,
    owed,
    unplaced,
    messages_called,
    state_of,
    facts,
    look,
    sweep,
    begin,
)
stage.words.update({word.__name__: word for word in own_words})

if __name__ == "__main__":
    stage.words.update({name: _alone(word) for name, word in stage.words.items()})
    stage.main()
