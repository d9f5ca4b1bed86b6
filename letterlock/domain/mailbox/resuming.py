"""Going back to what one has begun, so that each press of "New message" or "Reply" does not leave one more draft."""

from datetime import datetime, timedelta

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox.models import Draft, DraftKind, DraftQuerySet, Message

#: A blank draft may still stand open in a window somewhere; after this long it goes.
blank_kept = timedelta(days=7)


def blank_letter_of(by: Account) -> Draft | None:
    """The new letter this person has opened and not written in."""
    return Draft.objects.visible_to(by).blank().filter(kind=DraftKind.NEW).order_by("-saved_at", "-id").first()


def reply_begun(message: Message, *, kind: DraftKind, by: Account) -> Draft | None:
    """The answer of this kind that this person has begun: whoever looks at the message again meant to go on."""
    begun = Draft.objects.visible_to(by).filter(parent=message, kind=kind, corrects=None)
    return begun.order_by("-saved_at", "-id").first()


def forgotten(by: Account, *, at: datetime) -> DraftQuerySet:
    """Drafts nobody has written in, and nobody will."""
    return Draft.objects.visible_to(by).blank().filter(saved_at__lt=at - blank_kept)
