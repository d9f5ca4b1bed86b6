"""What is made before a message's transaction opens: its row and places, its key, its sealed parts, its shares."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import cleaning, composing, drafting, parts, seeing, shredding, subjects
from letterlock.domain.mailbox.models import Draft, Folder, Message, Part, Participation, Role
from letterlock.domain.policies import limits
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.vault import destroying, platform_keys, wrapping
from letterlock.foundation.vault.keys import ContentKey, new_content_key
from letterlock.foundation.vault.keystore.models import Reason
from letterlock.foundation.vault.models import Basis, Holder, Thing
from letterlock.foundation.vault.platform_keys import Purpose
from letterlock.foundation.vault.wrapping import PreparedWraps


class TooManyPicturesSent(Refusal):
    kind = Kind.INVALID
    code = "mailbox.too_many_pictures_sent"
    sentence = _("A letter holds at most {most} pictures. Nothing was sent; the draft is safe. Please take some out.")


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody a letter goes to, and how; `position` is the place in that line."""

    account: Account
    role: Role
    position: int


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message as it will be stored: nothing of it is in the main database yet, its shares are in the keystore."""

    message: Message
    places: list[Participation]
    parts: list[Part] = field(repr=False)
    wraps: PreparedWraps = field(repr=False)

    @property
    def people(self) -> list[Account]:
        """Everybody it goes to, the sender left out."""
        return [place.account for place in self.places if place.role != Role.FROM]


def prepare(
    draft: Draft, *, recipients: Sequence[Recipient], idempotency_key: UUID, parent: Message | None, at: datetime
) -> Letter:
    """The letter this draft becomes, under a new key that its sender and every recipient are given."""
    message = _message_of(draft, idempotency_key=idempotency_key, parent=parent, at=at)
    places = _places(message, recipients=recipients)
    _count(message, places)
    key, thing = new_content_key(), shredding.thing_of(message.id)
    sealed = _seal(draft, of=thing, key=key)
    message.size_bytes = sum(part.size_bytes for part in sealed)
    message.body_digest = digest_of(sealed)
    bases = {_holder(place): Basis.AUTHORED if place.role == Role.FROM else Basis.RECEIVED for place in places}
    wraps = wrapping.prepare_wraps(key, of=thing, to=list(bases), basis=bases, platform_id=draft.platform_id, at=at)
    return Letter(message=message, places=places, parts=sealed, wraps=wraps)


def destroy_nameless(letter: Letter, *, at: datetime) -> None:
    """The letter was refused after its shares were stored: nobody will ever name them."""
    thing, platform_id = shredding.thing_of(letter.message.id), letter.message.platform_id

    def destroy() -> None:
        destroying.destroy_shares(
            thing, holders=None, reason=Reason.NAMELESS, entry_id=None, platform_id=platform_id, at=at
        )

    shredding.at_once(destroy)


def digest_of(sealed: Iterable[Part]) -> bytes:
    """SHA-256 over the sealed parts, body first.

    SECURITY: over what is stored, not over the words. A digest of a short letter in the clear would let anybody with
    the database try out what it said. See test_the_digest_cannot_be_tried_out.
    """
    total = sha256()
    for part in sealed:
        total.update(sha256(bytes(part.sealed)).digest())
    return total.digest()


def _message_of(draft: Draft, *, idempotency_key: UUID, parent: Message | None, at: datetime) -> Message:
    message = Message(
        platform_id=draft.platform_id,
        sender=draft.author,
        parent=parent,
        root=(parent.root or parent) if parent else None,
        idempotency_key=idempotency_key,
        platform_key_generation=platform_keys.purpose_key(draft.platform_id, Purpose.ENVELOPE).generation,
        sent_at=at,
        expires_at=at + draft.lifetime if draft.lifetime else None,
    )
    drafting.inherit_options(message, draft)
    subject = subjects.subject_of(draft)
    message.sealed_subject = subjects.seal_subject(subject, platform_id=draft.platform_id, object_id=message.id)
    return message


def _places(message: Message, *, recipients: Sequence[Recipient]) -> list[Participation]:
    """One for each person. A sender who is among the recipients keeps one place, in Sent, and `also` tells of it."""
    own = next((each for each in recipients if each.account.id == message.sender_id), None)
    sender = Recipient(account=message.sender, role=Role.FROM, position=0)
    others = [each for each in recipients if each.account.id != message.sender_id]
    places = [_place(message, each) for each in (sender, *others)]
    places[0].also = own.role if own else ""
    return places


def _place(message: Message, recipient: Recipient) -> Participation:
    is_sender = recipient.role == Role.FROM
    return Participation(
        id=new_id(),
        platform_id=message.platform_id,
        message=message,
        account=recipient.account,
        role=recipient.role,
        position=recipient.position,
        folder=Folder.SENT if is_sender else Folder.INBOX,
        is_unread=not is_sender,
        sorted_at=message.sent_at,
    )


def _count(message: Message, places: list[Participation]) -> None:
    message.open_people = sum(place.role in seeing.open_roles for place in places)
    message.all_people = sum(place.role != Role.FROM for place in places)


def _holder(place: Participation) -> Holder:
    return Holder(place.account_id)


def _seal(draft: Draft, *, of: Thing, key: ContentKey) -> list[Part]:
    """Body and pictures of the draft, opened with its key and sealed anew; pictures the text does not name stay out."""
    old, thing = composing.key_of(draft), composing.thing_of(draft.id)
    html = cleaning.clean(parts.open_html(thing, key=old))
    named = cleaning.pictures_in(html)
    if len(named) > limits.pictures_per_message:
        raise TooManyPicturesSent(most=limits.pictures_per_message)
    sealed = [parts.seal_body(html, of=of, platform_id=draft.platform_id, key=key)]
    return sealed + [
        parts.seal_picture(
            picture.content,
            reference=picture.reference,
            media_type=picture.media_type,
            of=of,
            platform_id=draft.platform_id,
            key=key,
        )
        for picture in composing.pictures_of(thing, named=named, key=old)
    ]


def digest_of_people(places: Iterable[Participation]) -> bytes:
    """Who a message went to, and how, as docs/formats/letter.md has it.

    The ids of places are random and a recipient learns only the open ones, so nobody can try out who else is in it.
    """
    return digest_of_lines(f"{place.id} {place.role} {place.account_id}" for place in places)


def digest_of_lines(lines: Iterable[str]) -> bytes:
    """The same over "participation role account" of everybody, for whoever has the words and not the rows."""
    return sha256("\n".join(sorted(lines)).encode()).digest()
