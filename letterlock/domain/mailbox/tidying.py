"""What a tab sends of a draft, as it is kept: cleaned, on one line, within limits. What does not fit is refused."""

from dataclasses import dataclass, field, fields
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from letterlock.domain.mailbox import cleaning, subjects
from letterlock.domain.policies import limits
from letterlock.foundation.kernel.refusals import Kind, Refusal

people_names = ("to", "cc", "bcc")
#: Cleaning takes time with the square of the depth: this many tags take a second at worst.
most_tags = 20_000
longest_tag = 4_096
longest_lifetime = timedelta(days=3660)
longest_typed = 1024


class TextTooLong(Refusal):
    kind = Kind.INVALID
    code = "mailbox.text_too_long"
    sentence = _("The text is longer than {most_mib} MB. This change was not saved; please shorten it.")


class TextTooComplex(Refusal):
    kind = Kind.INVALID
    code = "mailbox.text_too_complex"
    sentence = _(
        "The text has more than {most} pieces of formatting, as very large tables do. This change was not saved; "
        "please take some out."
    )


class TagTooLong(Refusal):
    kind = Kind.LIMITED
    code = "mailbox.tag_too_long"
    sentence = _(
        "A link, or another piece of formatting in the text, is longer than {most} characters. This change was not "
        "saved; please shorten it."
    )


class SubjectTooLong(Refusal):
    kind = Kind.INVALID
    code = "mailbox.subject_too_long"
    sentence = _("The subject is longer than {most} characters. This change was not saved; please shorten it.")


class TooManyRecipients(Refusal):
    kind = Kind.INVALID
    code = "mailbox.too_many_recipients"
    sentence = _("A message goes to at most {most} people. Nothing was sent; please take some out.")


class NotALifetime(Refusal):
    kind = Kind.INVALID
    code = "mailbox.not_a_lifetime"
    sentence = _("A message cannot expire after this span. The draft is unchanged.")


@dataclass(frozen=True, kw_only=True)
class DraftChanges:
    """What a tab wants changed; None leaves a field as it is. A lifetime of zero means that it never expires."""

    to: tuple[str, ...] | None = None
    cc: tuple[str, ...] | None = None
    bcc: tuple[str, ...] | None = None
    subject: str | None = None
    html: str | None = field(default=None, repr=False)
    tracking: bool | None = None
    share_tracking: bool | None = None
    reply_freeze: bool | None = None
    lifetime: timedelta | None = None


def tidied(changes: DraftChanges) -> DraftChanges:
    """The changes as they would be kept, or the refusal."""
    given = {one.name: getattr(changes, one.name) for one in fields(changes)}
    if changes.html is not None:
        given["html"] = clean_text(changes.html)
    if changes.subject is not None:
        given["subject"] = _read_subject(changes.subject)
    if changes.lifetime is not None and not timedelta(0) <= changes.lifetime <= longest_lifetime:
        raise NotALifetime
    given |= {name: _read_people(typed) for name in people_names if (typed := given[name]) is not None}
    # Duplicates and mistakes are allowed while writing, so twice as many are kept as a message may go to.
    if sum(len(given[name] or ()) for name in people_names) > 2 * limits.recipients_per_message:
        raise TooManyRecipients(most=limits.recipients_per_message)
    return DraftChanges(**given)


def clean_text(html: str) -> str:
    """The text as it is kept. Refuses TextTooLong, TextTooComplex and TagTooLong."""
    if len(html.encode(errors="replace")) > limits.text_bytes:
        raise TextTooLong(most_mib=limits.text_bytes // (1024 * 1024))
    if html.count("<") > most_tags:
        raise TextTooComplex(most=most_tags)
    if cleaning.has_tag_longer_than(longest_tag, html):
        raise TagTooLong(most=longest_tag)
    return cleaning.clean(html)


def _read_people(typed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(kept for one in typed if (kept := subjects.on_one_line(one[:longest_typed])))


def _read_subject(typed: str) -> str:
    # Tidying looks at each character: megabytes of them are refused before.
    subject = subjects.tidy(typed[:longest_typed])
    if len(subject) > limits.subject_characters or len(typed) > longest_typed:
        raise SubjectTooLong(most=limits.subject_characters)
    return subject
