"""Starting, saving, copying and discarding drafts. Two tabs on one draft lose nothing silently."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import (
    answering,
    changing,
    cleaning,
    composing,
    corresponding,
    parts,
    resuming,
    subjects,
    tidying,
)
from letterlock.domain.mailbox.models import Draft, DraftKind, Message, Part
from letterlock.domain.mailbox.tidying import DraftChanges
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.refusals import Kind, NotFound, Refusal

option_names = ("tracking", "share_tracking", "reply_freeze", "forward_freeze", "confidential", "lifetime")


class GuestsOnlyReply(Refusal):
    kind = Kind.FORBIDDEN
    code = "mailbox.guests_only_reply"
    sentence = _("Guests can answer messages, but not start one. Open a message you received and answer it.{whom}")


class StaleDraft(Refusal):
    """Another tab has saved meanwhile. `draft` and `content` are what that one holds; nothing was overwritten."""

    kind = Kind.CONFLICT
    code = "mailbox.stale_draft"
    sentence = _(
        "This draft was changed in another tab or window. Nothing was overwritten: keep the other version, or keep "
        "both, and yours becomes a draft of its own."
    )

    def __init__(self, draft: Draft, content: "DraftContent") -> None:
        super().__init__(version=draft.version)
        self.draft = draft
        self.content = content


class OptionsAreFixed(Refusal):
    kind = Kind.FORBIDDEN
    code = "mailbox.options_are_fixed"
    sentence = _(
        "The options of a conversation are set on its first message and hold for every answer. The draft is unchanged."
    )


@dataclass(frozen=True, kw_only=True)
class DraftContent:
    """An opened draft. `pictures` are those the text names."""

    subject: str
    html: str = field(repr=False)
    pictures: tuple[UUID, ...]


def start_draft(*, by: Account, at: datetime) -> Draft:
    """An empty letter: the one this person has not written in so far, or a new one. Refuses GuestsOnlyReply."""
    demand_may_start(by)
    if (blank := resuming.blank_letter_of(by)) is not None:
        return blank
    _drop_forgotten(by, at=at)
    draft = Draft(platform_id=by.platform_id, author=by)
    return composing.create(draft, subject="", html="", pictures=(), at=at)


def start_reply(message: Message, *, kind: DraftKind, by: Account, at: datetime) -> Draft:
    """An answer: its people by `kind`, the subject marked once, the conversation's options, and no copied text.

    It is the one this person has begun, if there is one.
    Refuses NotFound to whoever has no part in the message, ParentGone, ReplyFrozen, BccCannotReplyAll.
    """
    if not Message.objects.visible_to(by).filter(id=message.id).exists():
        raise NotFound
    place = answering.demand_answerable(message, by=by, at=at)
    people = answering.addressees_of(message, kind=kind, place=place)
    begun = resuming.reply_begun(message, kind=kind, by=by)
    # One that nobody has written in is made anew when its people have changed: an address that was corrected meanwhile
    # must not be written to. What was written stays as it is, with the people somebody has seen there.
    if begun is not None and (not begun.is_blank or (begun.to, begun.cc) == (people.to, people.cc)):
        return begun
    _drop_forgotten(by, at=at)
    draft = Draft(platform_id=by.platform_id, author=by, kind=kind, parent=message, to=people.to, cc=people.cc)
    inherit_options(draft, message)
    subject = subjects.answer_to(subjects.subject_of(message))
    return composing.create(draft, subject=subject, html="", pictures=(), at=at)


def inherit_options(letter: Draft | Message, of: Draft | Message) -> None:
    """Take over every option."""
    for name in option_names:
        setattr(letter, name, getattr(of, name))


def demand_may_start(by: Account) -> None:
    """Refuse GuestsOnlyReply, with the names of people whom this Guest can answer."""
    if not by.may_write_to_anybody:
        raise GuestsOnlyReply(whom=corresponding.instead(corresponding.members_known_to(by)))


def open_draft(draft: Draft, *, by: Account) -> DraftContent:
    """Subject and text, cleaned again. Refuses NotFound to everybody but the author."""
    current = current_draft(draft, by=by)
    html = cleaning.clean(parts.open_html(composing.thing_of(current.id), key=composing.key_of(current)))
    return DraftContent(subject=subjects.subject_of(current), html=html, pictures=tuple(cleaning.pictures_in(html)))


def current_draft(draft: Draft, *, by: Account) -> Draft:
    """The draft as it is now, for its author. Refuses NotFound."""
    current = Draft.objects.visible_to(by).filter(id=draft.id).first()
    if current is None:
        raise NotFound
    return current


def save_draft(draft: Draft, *, changes: DraftChanges, version: int, by: Account, at: datetime) -> Draft:
    """Keep what a tab that knows `version` has changed; only that is written.

    A save whose answer was lost can be repeated. Refuses NotFound, StaleDraft, OptionsAreFixed, TextTooLong,
    TextTooComplex, TagTooLong, SubjectTooLong, TooManyRecipients, NotALifetime.
    """
    current, wanted = current_draft(draft, by=by), tidying.tidied(changes)
    if current.version != version:
        return _settle(current, wanted, by=by)
    columns, body = _differences(current, wanted, by=by)
    if not columns and body is None:
        return current
    if not _keep(current, columns=columns, body=body, at=at):
        return _settle(current_draft(draft, by=by), wanted, by=by)
    return current_draft(draft, by=by)


def copy_draft(draft: Draft, *, changes: DraftChanges, by: Account, at: datetime) -> Draft:
    """Keep both: a draft of its own with what the other tab stored, and this tab's changes over it.

    Refuses what `save_draft` refuses, but never StaleDraft.
    """
    current, wanted = current_draft(draft, by=by), tidying.tidied(changes)
    content = open_draft(current, by=by)
    html = content.html if wanted.html is None else wanted.html
    named = cleaning.pictures_in(html)
    pictures = composing.pictures_of(composing.thing_of(current.id), named=named, key=composing.key_of(current))
    for name, value in _columns(current, wanted).items():
        setattr(current, name, value)
    current.id, current.version = new_id(), Draft.written_version
    subject = content.subject if wanted.subject is None else wanted.subject
    return composing.create(current, subject=subject, html=html, pictures=pictures, at=at)


def discard_draft(draft: Draft, *, by: Account, at: datetime) -> None:
    """Throw the draft away: its rows now, and its key with them. Refuses NotFound."""
    with transactions.writing():
        current = current_draft(draft, by=by)
        composing.remove(current, at=at)
        changing.stir([by.id], fragments=composing.list_fragments)
    composing.close(current.id, platform_id=current.platform_id, at=at)


def _drop_forgotten(by: Account, *, at: datetime) -> None:
    for draft in resuming.forgotten(by, at=at):
        with suppress(NotFound):  # another window was first, which is as good
            discard_draft(draft, by=by, at=at)


def _differences(current: Draft, wanted: DraftChanges, *, by: Account) -> tuple[dict[str, Any], Part | None]:
    """The columns to write and the new body, where they differ from what is kept."""
    columns, body = _columns(current, wanted), None
    if wanted.subject is None and wanted.html is None:
        return columns, body
    content = open_draft(current, by=by)
    if wanted.subject is not None and wanted.subject != content.subject:
        columns["sealed_subject"] = subjects.seal_subject(
            wanted.subject, platform_id=current.platform_id, object_id=current.id
        )
    if wanted.html is not None and wanted.html != content.html:
        body = composing.seal_html(wanted.html, draft=current, key=composing.key_of(current))
    return columns, body


def _columns(current: Draft, wanted: DraftChanges) -> dict[str, Any]:
    people = {name: list(value) for name in tidying.people_names if (value := getattr(wanted, name)) is not None}
    options = {name: value for name in option_names if (value := getattr(wanted, name, None)) is not None}
    if "lifetime" in options:
        options["lifetime"] = options["lifetime"] or None
    changed = {name: value for name, value in (people | options).items() if value != getattr(current, name)}
    if current.kind != DraftKind.NEW and changed.keys() & set(option_names):
        raise OptionsAreFixed
    return changed


def _keep(current: Draft, *, columns: dict[str, Any], body: Part | None, at: datetime) -> bool:
    """Write if nobody else has meanwhile; answers whether it was written."""
    with transactions.writing():
        same = Draft.objects.filter(id=current.id, version=current.version)
        written = same.update(**columns, version=current.version + 1, saved_at=at)
        if written and body is not None:
            parts.put_body(body)
        if written:
            # With the first save the draft is one of those that are counted.
            fragments = composing.list_fragments if current.is_blank else ["list:drafts"]
            changing.stir([current.author_id], fragments=fragments)
    return bool(written)


def _settle(current: Draft, wanted: DraftChanges, *, by: Account) -> Draft:
    """The current draft, when it holds all that was wanted (the answer to a first try was lost); StaleDraft if not."""
    content = open_draft(current, by=by)
    columns = _columns(current, wanted)
    is_same = (wanted.subject, wanted.html) in _either(content)
    if columns or not is_same:
        raise StaleDraft(current, content)
    return current


def _either(content: DraftContent) -> set[tuple[str | None, str | None]]:
    subjects_ = (None, content.subject)
    return {(subject, html) for subject in subjects_ for html in (None, content.html)}
