"""Subject lines: sealed under the platform's envelope key, so that a recalled message keeps its own."""

import unicodedata
from uuid import UUID

from letterlock.domain.mailbox.models import Draft, Message
from letterlock.domain.policies import limits
from letterlock.foundation.kernel.secrets import Sealed
from letterlock.foundation.vault import envelopes

_label = "subject"
_reply_mark = "Re: "
_breaks = "\t\n\r\v\f\x85\u2028\u2029"
_turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def seal_subject(subject: str, *, platform_id: UUID, object_id: UUID) -> Sealed:
    """The subject for this draft or message alone, under a fresh salt."""
    return envelopes.seal_text(subject, platform_id=platform_id, object_id=object_id, label=_label)


def subject_of(letter: Draft | Message) -> str:
    """The subject of a draft or message; a new draft has none. Raises Tampered."""
    if not letter.sealed_subject:
        return ""
    sealed = bytes(letter.sealed_subject)
    return envelopes.open_text(sealed, platform_id=letter.platform_id, object_id=letter.id, label=_label)


def answer_to(subject: str) -> str:
    """The subject of a reply: marked once, however long the conversation, and never over the limit."""
    if subject.lower().startswith(_reply_mark.strip().lower()):
        return subject
    return f"{_reply_mark}{subject}"[: limits.subject_characters].rstrip()


def tidy(typed: str) -> str:
    """One line, without control characters and marks that turn the direction of what follows; single spaces."""
    return " ".join(on_one_line(typed).split())


def on_one_line(typed: str) -> str:
    """The same with its spaces as they are: between quotes they belong to an address."""
    plain = "".join(" " if character in _breaks else character for character in typed)
    return "".join(character for character in plain if not _is_hidden(character)).strip()


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} or character in _turning
