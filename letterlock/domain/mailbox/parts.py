"""The sealed parts of a letter: its body and the pictures in it."""

from uuid import UUID

from django.db.models import QuerySet

from letterlock.domain.mailbox.models import Part, PartKind
from letterlock.foundation.kernel.secrets import Plaintext
from letterlock.foundation.vault import streams
from letterlock.foundation.vault.keys import ContentKey
from letterlock.foundation.vault.models import Thing
from letterlock.foundation.vault.sealing import Context

body_type = "text/html"


def seal_body(html: str, *, of: Thing, platform_id: UUID, key: ContentKey) -> Part:
    """The body of the draft or message, not saved yet. A letter has one, named like the letter itself."""
    part = Part(kind=PartKind.BODY, reference=of.id, media_type=body_type)
    return _seal(part, Plaintext(html.encode()), of=of, platform_id=platform_id, key=key)


def seal_picture(
    content: Plaintext, *, reference: UUID, media_type: str, of: Thing, platform_id: UUID, key: ContentKey
) -> Part:
    """A picture of the draft or message, not saved yet; the body names it by `reference`."""
    part = Part(kind=PartKind.PICTURE, reference=reference, media_type=media_type)
    return _seal(part, content, of=of, platform_id=platform_id, key=key)


def open_part(part: Part, *, key: ContentKey) -> Plaintext:
    """What was sealed. Raises Tampered, also when the row was moved to another letter or calls itself another type."""
    return streams.open_body(bytes(part.sealed), key=key, context=_context_of(part))


def open_html(of: Thing, *, key: ContentKey) -> str:
    """The body as it was saved; a draft nobody wrote in yet has none."""
    body = parts_of(of).filter(kind=PartKind.BODY).first()
    return open_part(body, key=key).decode() if body else ""


def put_body(body: Part) -> None:
    """Store the body in place of the former one."""
    Part.objects.bulk_create(
        [body],
        update_conflicts=True,
        unique_fields=["owner_kind", "owner_id", "reference"],
        update_fields=["sealed", "size_bytes"],
    )


def parts_of(of: Thing) -> QuerySet[Part]:
    """Every part of the draft or message."""
    return Part.objects.filter(owner_kind=of.kind, owner_id=of.id)


def _seal(part: Part, content: Plaintext, *, of: Thing, platform_id: UUID, key: ContentKey) -> Part:
    part.platform_id, part.owner_kind, part.owner_id = platform_id, of.kind, of.id
    part.sealed = streams.seal_body(content, key=key, context=_context_of(part))
    # SECURITY: the padded size. The exact one, in the clear, would tell a "yes" from a "no".
    # See test_the_size_of_a_short_letter_says_nothing.
    part.size_bytes = len(part.sealed)
    return part


def _context_of(part: Part) -> Context:
    # SECURITY: the media type is bound too, or whoever can write the table could show a picture as a page.
    # See test_a_part_opens_only_where_it_belongs.
    owner = f"{part.owner_kind}/{part.owner_id}"
    return Context(
        platform_id=part.platform_id,
        purpose=f"mailbox/{owner}/{part.kind}/{part.media_type}",
        object_id=part.reference,
    )
