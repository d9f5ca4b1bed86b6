"""Short words for the tests of the write side: what people do at their desks."""

from collections.abc import Iterator, Sequence
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connections

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import composing, drafting, reading, sending
from letterlock.domain.mailbox.models import Draft, DraftKind, Message, Participation
from letterlock.domain.mailbox.tidying import DraftChanges
from letterlock.foundation.vault import wrapping
from tests import on_disk
from tests.domain.mailbox.letters import client, sent_at

png = b"\x89PNG\r\n\x1a\n" + b"a picture of the harbour" * 20
text = "<p>The numbers are in.</p>"
stranger = "nina@new.example"


def write(by: Account, *, to: Sequence[str] = (), html: str = text, **changes: object) -> Draft:
    """A draft of a new letter as one tab saved it."""
    draft = drafting.start_draft(by=by, at=sent_at)
    given = DraftChanges(to=tuple(to), html=html, **changes)
    return drafting.save_draft(draft, changes=given, version=draft.version, by=by, at=sent_at)


def save(draft: Draft, by: Account, *, version: int | None = None, **changes: object) -> Draft:
    """One more save of a tab that knows this version, or the draft as given."""
    known = version or draft.version
    return drafting.save_draft(draft, changes=DraftChanges(**changes), version=known, by=by, at=sent_at)


def press_send(draft: Draft, by: Account, **given: object) -> Message:
    """Press "Send Secure"; invites unless told otherwise."""
    asked = {"idempotency_key": uuid4(), "invite": True, "at": sent_at, "client": client} | given
    return sending.send_draft(draft, by=by, **asked)


def mail(by: Account, *, to: Sequence[str] = (), **changes: object) -> Message:
    """Write and send a new letter."""
    return press_send(write(by, to=to, **changes), by)


def answer(message: Message, by: Account, *, kind: DraftKind = DraftKind.REPLY, html: str = text) -> Draft:
    """A draft of an answer with some words in it."""
    return save(drafting.start_reply(message, kind=kind, by=by, at=sent_at), by, html=html)


def words_for(message: Message, account: Account) -> str:
    """What this person reads."""
    return reading.retrieve(message, by=account, at=sent_at, client=client).html


def place(message: Message, account: Account) -> Participation:
    return Participation.objects.get(message=message, account=account)


def draft_holders(draft_id: UUID) -> set[UUID]:
    return {holder.id for holder in wrapping.holders_of(composing.thing_of(draft_id))}


def everything_stored() -> Iterator[bytes]:
    """All that the main database keeps, as the bytes of its cells."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 -- our own table
            for row in cursor.fetchall():
                for cell in row:
                    yield bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
    if connection.vendor == "sqlite":
        for file in sorted(settings.LETTERLOCK_JOURNAL.parents[1].rglob("test-default.sqlite3*")):
            yield on_disk.bytes_of(file)
