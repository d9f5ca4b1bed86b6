"""Pictures in a letter that is being written: taken by what they are, sealed at once."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import composing, drafting, parts
from letterlock.domain.mailbox.composing import Picture
from letterlock.domain.mailbox.models import Draft, Part, PartKind
from letterlock.domain.policies import limits
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.refusals import Kind, NotFound, Refusal
from letterlock.foundation.kernel.secrets import Plaintext

#: While writing, twice as many are kept as a message may hold, so that undoing a deletion finds its picture again.
most_kept = 2 * limits.pictures_per_message


class NotAPicture(Refusal):
    kind = Kind.INVALID
    code = "mailbox.not_a_picture"
    sentence = _("This file is no PNG, JPEG, GIF or WebP picture. It was not added; the text is unchanged.")


class PictureTooLarge(Refusal):
    kind = Kind.INVALID
    code = "mailbox.picture_too_large"
    sentence = _("This picture is larger than {most_mib} MB. It was not added; the text is unchanged.")


class TooManyPictures(Refusal):
    kind = Kind.INVALID
    code = "mailbox.too_many_pictures"
    sentence = _("A letter holds at most {most} pictures. This one was not added; please take one out first.")


def add_picture(draft: Draft, *, content: Plaintext, by: Account, at: datetime) -> Part:
    """Seal one picture into the draft; the text names it by the part's `reference`.

    Refuses NotFound, PictureTooLarge, NotAPicture, TooManyPictures.
    """
    current = drafting.current_draft(draft, by=by)
    picture = Picture(reference=new_id(), media_type=_type_of(content), content=content)
    part = composing.seal_picture(picture, draft=current, key=composing.key_of(current))
    with transactions.writing():
        locked = Draft.objects.select_for_update().filter(id=current.id).first()
        if locked is None:
            raise NotFound
        if _kept(locked).count() >= most_kept:
            raise TooManyPictures(most=limits.pictures_per_message)
        part.save(force_insert=True)
        Draft.objects.filter(id=current.id).update(saved_at=at)
    return part


def open_picture(draft: Draft, reference: UUID, *, by: Account) -> Picture:
    """One picture of one's own draft. Refuses NotFound."""
    current = drafting.current_draft(draft, by=by)
    part = parts.parts_of(composing.thing_of(current.id)).filter(kind=PartKind.PICTURE, reference=reference).first()
    if part is None:
        raise NotFound
    return composing.open_picture(part, key=composing.key_of(current))


def sniff(content: bytes) -> str | None:
    """The media type by the first bytes, whatever a name or a browser says; None for everything we do not take.

    SVG is none of them: it is a program, not a picture.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:6] in {b"GIF87a", b"GIF89a"}:
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def _type_of(content: Plaintext) -> str:
    if len(content) > limits.picture_bytes:
        raise PictureTooLarge(most_mib=limits.picture_bytes // (1024 * 1024))
    media_type = sniff(content)
    if media_type is None:
        raise NotAPicture
    return media_type


def _kept(draft: Draft) -> QuerySet[Part]:
    return parts.parts_of(composing.thing_of(draft.id)).filter(kind=PartKind.PICTURE)
