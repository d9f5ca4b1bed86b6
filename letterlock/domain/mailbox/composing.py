"""A draft's key and what is sealed under it. The key has one share, the author's, and ends with the draft."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.mailbox import changing, parts, shredding, subjects
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Draft, Part, PartKind
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import Kind, NotFound, Refusal
from letterlock.foundation.kernel.secrets import Plaintext
from letterlock.foundation.outbox import posting
from letterlock.foundation.vault import destroying, wrapping
from letterlock.foundation.vault.keys import ContentKey, new_content_key
from letterlock.foundation.vault.keystore.models import Reason
from letterlock.foundation.vault.models import Basis, Holder, ObjectKind, Thing
from letterlock.foundation.vault.wrapping import ShareGone

list_fragments = ("folders", "list:drafts")


class DraftKeyMissing(Refusal):
    """Nothing says why: a keystore that was lost, or a database older than it."""

    kind = Kind.GONE
    code = "mailbox.draft_key_missing"
    sentence = _(
        "The key of this draft is no longer there, so it cannot be opened. Ask your administrator whether the service "
        "was restored from a backup; you can still discard the draft."
    )


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An opened picture of a letter."""

    reference: UUID
    media_type: str
    content: Plaintext = field(repr=False)


def thing_of(draft_id: UUID) -> Thing:
    """The draft as the vault names it."""
    return Thing(ObjectKind.DRAFT, draft_id)


def key_of(draft: Draft) -> ContentKey:
    """The draft's key, through its author's share. Refuses NotFound when the draft is gone, DraftKeyMissing."""
    holder = Holder(draft.author_id)
    try:
        share = wrapping.fetch_share(thing_of(draft.id), holder=holder, platform_id=draft.platform_id)
    except ShareGone:
        # The share goes with the draft: another tab may have sent or discarded it since it was read.
        raise (DraftKeyMissing if Draft.objects.filter(id=draft.id).exists() else NotFound) from None
    return wrapping.unwrap(share)


def create(draft: Draft, *, subject: str, html: str, pictures: Iterable[Picture], at: datetime) -> Draft:
    """Store a draft nobody has seen yet, sealed under a key of its own."""
    key, thing = new_content_key(), thing_of(draft.id)
    sealed = [seal_html(html, draft=draft, key=key)] if html else []
    sealed += [seal_picture(picture, draft=draft, key=key) for picture in pictures]
    draft.sealed_subject = subjects.seal_subject(subject, platform_id=draft.platform_id, object_id=draft.id)
    draft.created_at = draft.saved_at = at
    holders = [Holder(draft.author_id)]
    prepared = wrapping.prepare_wraps(
        key, of=thing, to=holders, basis=Basis.AUTHORED, platform_id=draft.platform_id, at=at
    )
    with transactions.writing():
        draft.save(force_insert=True)
        Part.objects.bulk_create(sealed)
        wrapping.keep_wraps(prepared)
        changing.stir([draft.author_id], fragments=list_fragments)
    return draft


def seal_html(html: str, *, draft: Draft, key: ContentKey) -> Part:
    """The body, under a fresh salt."""
    return parts.seal_body(html, of=thing_of(draft.id), platform_id=draft.platform_id, key=key)


def seal_picture(picture: Picture, *, draft: Draft, key: ContentKey) -> Part:
    """One picture, under a fresh salt."""
    return parts.seal_picture(
        picture.content,
        reference=picture.reference,
        media_type=picture.media_type,
        of=thing_of(draft.id),
        platform_id=draft.platform_id,
        key=key,
    )


def pictures_of(of: Thing, *, named: Iterable[UUID], key: ContentKey) -> list[Picture]:
    """The pictures of a draft or message that its text names, opened, in the text's order."""
    order = list(named)
    sealed = parts.parts_of(of).filter(kind=PartKind.PICTURE, reference__in=order)
    opened = {part.reference: open_picture(part, key=key) for part in sealed.iterator()}
    return [opened[reference] for reference in order if reference in opened]


def open_picture(part: Part, *, key: ContentKey) -> Picture:
    """One picture. Raises Tampered."""
    content = parts.open_part(part, key=key)
    return Picture(reference=part.reference, media_type=part.media_type, content=content)


@transactions.required
def remove(draft: Draft, *, at: datetime) -> None:
    """Delete the draft's rows, and owe the destruction of its key."""
    parts.parts_of(thing_of(draft.id)).delete()
    Draft.objects.filter(id=draft.id).delete()
    wrapping.forget_wraps(thing_of(draft.id))
    posting.post(
        MailboxEvent.DRAFT_CLOSED,
        platform_id=draft.platform_id,
        at=at,
        draft_id=str(draft.id),
        of_platform_id=str(draft.platform_id),
    )


def destroy_key(draft_id: UUID, *, platform_id: UUID, at: datetime) -> None:
    """Destroy the share of a draft that is gone. Doing it again changes nothing."""
    if Draft.objects.filter(id=draft_id).exists():
        raise RuntimeError("The key of a draft that is still there was about to be destroyed.")
    # Also when no share is left: an earlier run may have been stopped before its bytes were gone from the files.
    destroying.destroy_shares(
        thing_of(draft_id), holders=None, reason=Reason.DELETED, entry_id=None, platform_id=platform_id, at=at
    )


def close(draft_id: UUID, *, platform_id: UUID, at: datetime) -> None:
    """What follows the commit that removed a draft: the key goes at once, or else by the outbox."""
    shredding.at_once(lambda: destroy_key(draft_id, platform_id=platform_id, at=at))
