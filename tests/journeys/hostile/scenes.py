"""Words for the stage hand when there is much of something: letters, recalls, oddly named people."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from letterlock.domain.accounts.models import Account, State, Status
from letterlock.domain.mailbox import drafting, recalling, sending
from letterlock.domain.mailbox.drafting import DraftChanges
from letterlock.domain.mailbox.models import Draft, Message
from letterlock.domain.platforms import queries
from letterlock.domain.platforms.models import Platform
from letterlock.domain.policies import addresses, names
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.refusals import Refusal
from letterlock.foundation.vault import key_pairs
from letterlock.foundation.vault.models import Holder


def send_each(*, host: str, by: str, letters: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Each letter sent by somebody to themselves, so that no mail leaves: its id, or the sentence that refused it."""
    author = _account(host, by)
    return [_send(author, to=[by], **letter) for letter in letters]


def send_to_crowd(*, host: str, by: str, subject: str, people: Sequence[dict[str, str]]) -> dict[str, str]:
    """One letter to people who register for it, each under this name and address, as far as those are taken."""
    author = _account(host, by)
    return _send(author, to=[_register(author.platform, **one) for one in people], subject=subject, html="<p>x</p>")


def recall_each(*, host: str, by: str, reasons: dict[str, str]) -> dict[str, str]:
    """Each message taken back for its reason; the sentences of those that were refused."""
    sender, refused = _account(host, by), dict[str, str]()
    for message, reason in reasons.items():
        taken = Message.objects.get(id=message)
        try:
            recalling.recall_message(taken, reason=reason, destroy_own_copy=False, by=sender, at=timezone.now())
        except Refusal as refusal:
            refused[message] = refusal.explain()
    return refused


def read_names(*, typed: Sequence[str]) -> list[str | None]:
    """What each becomes as a name; None where it is refused."""
    return [_read(names.read_name, one) for one in typed]


def read_addresses(*, typed: Sequence[str]) -> list[str | None]:
    """How each is shown as an address; None where it is refused."""
    return [_read(lambda text: addresses.read_address(text).shown, one) for one in typed]


def count_drafts(*, host: str, by: str) -> int:
    """How many drafts somebody has."""
    return Draft.objects.visible_to(_account(host, by)).count()


words: dict[str, Callable[..., Any]] = {
    "send_each": send_each,
    "send_to_crowd": send_to_crowd,
    "recall_each": recall_each,
    "read_names": read_names,
    "read_addresses": read_addresses,
    "count_drafts": count_drafts,
}


def _send(author: Account, *, to: Sequence[str], subject: str, html: str) -> dict[str, str]:
    draft = drafting.start_draft(by=author, at=timezone.now())
    try:
        changes = DraftChanges(to=tuple(to), subject=subject, html=html)
        draft = drafting.save_draft(draft, changes=changes, version=draft.version, by=author, at=timezone.now())
        message = sending.send_draft(draft, idempotency_key=new_id(), invite=True, by=author, at=timezone.now())
    except Refusal as refusal:
        drafting.discard_draft(draft, by=author, at=timezone.now())
        return {"refused": refusal.explain()}
    return {"id": str(message.id)}


def _register(platform: Platform, *, name: str, address: str) -> str:
    """Row and keys as the accounts room leaves them; nobody signs in here, so one quick hash serves all."""
    read = addresses.read_address(address)
    at = timezone.now()
    account = Account(
        platform=platform,
        address=read.normal,
        mail_address=read.shown,
        name=names.read_name(name),
        status=Status.GUEST,
        state=State.ACTIVE,
        password=make_password(None),
        created_at=at,
        registered_at=at,
    )
    with transactions.writing():
        account.save(force_insert=True)
        key_pairs.create_key_pair(Holder(account.id), platform_id=platform.id, at=at)
    return read.shown


def _read(reading: Callable[[str], str], typed: str) -> str | None:
    try:
        return reading(typed)
    except Refusal:
        return None


def _account(host: str, address: str) -> Account:
    platform = queries.platform_of_host(host)
    assert platform is not None, host
    return Account.objects.of(platform).get(address=address)
