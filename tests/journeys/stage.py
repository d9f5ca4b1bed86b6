"""Sets the stage in the product's own stores, by the product's own verbs: one line in, one line out."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402 -- Django must be set up first

from letterlock.config import preparing  # noqa: E402 -- as above
from letterlock.domain.accounts import admitting, inviting, people, setting_up, signing_in  # noqa: E402 -- as above
from letterlock.domain.accounts.models import Account, Status  # noqa: E402 -- as above
from letterlock.domain.mailbox import drafting, recalling, sending  # noqa: E402 -- as above
from letterlock.domain.mailbox.models import Message  # noqa: E402 -- as above
from letterlock.domain.mailbox.tidying import DraftChanges  # noqa: E402 -- as above
from letterlock.domain.platforms import founding, queries  # noqa: E402 -- as above
from letterlock.domain.platforms.models import Platform  # noqa: E402 -- as above
from letterlock.domain.policies import addresses  # noqa: E402 -- as above
from letterlock.foundation.audit.models import Entry  # noqa: E402 -- as above
from letterlock.foundation.kernel import transactions  # noqa: E402 -- as above
from letterlock.foundation.kernel.identifiers import new_id  # noqa: E402 -- as above
from tests.journeys.hostile import scenes  # noqa: E402 -- as above


def prepare() -> None:
    """Both stores, the root key, and the two platforms."""
    preparing.prepare()
    for name, host, accent in [("Acme Legal", "acme.localhost", "#1f5f4f"), ("Globex", "globex.localhost", "#4a3f8f")]:
        founding.found_platform(
            name=name, host=host, accent=accent, support_address=f"help@{host.split('.')[0]}.example", at=timezone.now()
        )


def member(*, host: str, address: str, name: str, status: str, password: str) -> None:
    """Somebody with an account and a password."""
    invitation = people.add_person(
        _platform(host), address=addresses.read_address(address), name=name, status=Status(status), at=timezone.now()
    )
    signed = setting_up.set_password(invitation, name=name, password=password, client="Stage", at=timezone.now())
    signing_in.sign_out(signed.session, at=timezone.now())


def session(*, host: str, address: str) -> str:
    """A session as signing in begins it; the key that goes into the browser's cookie."""
    with transactions.writing():
        signed = admitting.admit(
            _account(host, address), browser=None, client="Stage", at=timezone.now(), method="password"
        )
    return signed.key.reveal()


def link(*, host: str, address: str, name: str) -> str:
    """The link an operator hands to a new Professional."""
    invitation = people.add_person(
        _platform(host),
        address=addresses.read_address(address),
        name=name,
        status=Status.PROFESSIONAL,
        at=timezone.now(),
    )
    return inviting.link_of(invitation)


def send(
    *, host: str, by: str, to: list[str], subject: str, html: str, at: str = "", bcc: list[str] | None = None
) -> str:
    """A message that somebody has sent; its id."""
    when = datetime.fromisoformat(at).astimezone(UTC) if at else timezone.now()
    author = _account(host, by)
    draft = drafting.start_draft(by=author, at=when)
    changes = DraftChanges(to=tuple(to), bcc=tuple(bcc or ()), subject=subject, html=html)
    draft = drafting.save_draft(draft, changes=changes, version=draft.version, by=author, at=when)
    message = sending.send_draft(draft, idempotency_key=new_id(), invite=True, by=author, at=when)
    return str(message.id)


def recall(*, host: str, by: str, message: str, reason: str) -> None:
    """A message taken back by its sender."""
    taken = Message.objects.get(id=message)
    recalling.recall_message(
        taken, reason=reason, destroy_own_copy=False, by=_account(host, by), at=timezone.now(), client="Stage"
    )


def entries(*, event: str, message: str) -> int:
    """How often something was recorded about a message."""
    return Entry.objects.filter(event=event, subject_id=message).count()


def instants(*, message: str) -> list[str]:
    """When a message was sent, as the store has it."""
    return [Message.objects.get(id=message).sent_at.isoformat()]


def _platform(host: str) -> Platform:
    platform = queries.platform_of_host(host)
    assert platform is not None, host
    return platform


def _account(host: str, address: str) -> Account:
    return Account.objects.of(_platform(host)).get(address=address)


words: dict[str, Callable[..., Any]] = {
    "prepare": prepare,
    "member": member,
    "session": session,
    "link": link,
    "send": send,
    "recall": recall,
    "entries": entries,
    "instants": instants,
    **scenes.words,
}


def main() -> None:
    """Do what each line says until the input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            said = {"answer": words[asked.pop("word")](**asked)}
        except Exception as error:
            said = {"failed": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
