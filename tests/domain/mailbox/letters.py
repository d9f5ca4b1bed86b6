"""Letters for the tests of the read side, and short words for what people do with them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import parts, subjects
from letterlock.domain.mailbox.models import Folder, Message, Part, Participation, Role
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id, new_message_code
from letterlock.foundation.vault.keys import new_content_key
from letterlock.foundation.vault.models import Basis, Holder, ObjectKind, Thing
from letterlock.foundation.vault.wrapping import keep_wraps, prepare_wraps

sent_at = datetime(2026, 11, 21, 15, 2, 11, tzinfo=UTC)
words = "<p>The numbers are in.</p>"
subject = "Quarterly figures"
client = "Firefox on Windows"


def later(minutes: float = 1) -> datetime:
    """An instant after the sending."""
    return sent_at + timedelta(minutes=minutes)


def send(
    sender: Account,
    *,
    to: Sequence[Account] = (),
    cc: Sequence[Account] = (),
    bcc: Sequence[Account] = (),
    html: str = words,
    subject: str = subject,
    at: datetime = sent_at,
    parent: Message | None = None,
    pictures: dict[UUID, bytes] | None = None,
    **options: object,
) -> Message:
    """A message as `sending` leaves it, without the mails."""
    message = Message(
        platform=sender.platform,
        code=new_message_code(),
        sender=sender,
        parent=parent,
        root=(parent.root or parent) if parent else None,
        idempotency_key=uuid4(),
        platform_key_generation=1,
        body_digest=sha256(html.encode()).digest(),
        size_bytes=len(html),
        sent_at=at,
        open_people=len(to) + len(cc),
        all_people=len(to) + len(cc) + len(bcc),
        **options,
    )
    message.sealed_subject = subjects.seal_subject(subject, platform_id=message.platform_id, object_id=message.id)
    places = _places(message, {Role.FROM: [sender], Role.TO: to, Role.CC: cc, Role.BCC: bcc})
    thing, key = Thing(ObjectKind.MESSAGE, message.id), new_content_key()
    bases = {Holder(one.account_id): Basis.AUTHORED if one.role == Role.FROM else Basis.RECEIVED for one in places}
    prepared = prepare_wraps(key, of=thing, to=list(bases), basis=bases, platform_id=message.platform_id, at=at)
    sealed = [parts.seal_body(html, of=thing, platform_id=message.platform_id, key=key)]
    for reference, content in (pictures or {}).items():
        sealed.append(
            parts.seal_picture(
                content,  # type: ignore[arg-type]  # plain bytes will do
                reference=reference,
                media_type="image/png",
                of=thing,
                platform_id=message.platform_id,
                key=key,
            )
        )
    with transactions.writing():
        message.save(force_insert=True)
        Participation.objects.bulk_create(places)
        Part.objects.bulk_create(sealed)
        keep_wraps(prepared)
    return message


def _places(message: Message, people: dict[Role, Sequence[Account]]) -> list[Participation]:
    return [
        Participation(
            id=new_id(),
            platform_id=message.platform_id,
            message=message,
            account=account,
            role=role,
            position=position,
            folder=Folder.SENT if role == Role.FROM else Folder.INBOX,
            is_unread=role != Role.FROM,
            sorted_at=message.sent_at,
        )
        for role, accounts in people.items()
        for position, account in enumerate(accounts)
    ]


def place(message: Message, account: Account) -> Participation:
    """This person's part, as the database has it now."""
    return Participation.objects.get(message=message, account=account)


def fresh(message: Message) -> Message:
    """The message as the database has it now."""
    return Message.objects.get(id=message.id)
