"""What a compose page posts: only what changed from a script, everything from a plain form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.html import linebreaks
from django.utils.translation import gettext_lazy as _

from letterlock.domain.mailbox.tidying import DraftChanges
from letterlock.domain.policies import pasting
from letterlock.foundation.kernel.refusals import Kind, Refusal

#: The spans the slip offers, in days; none means that the letter does not expire.
spans = (1, 7, 14, 30, 90)
switches = ("tracking", "share_tracking", "reply_freeze")


class Unreadable(Refusal):
    """A form that our own pages do not write."""

    kind = Kind.INVALID
    code = "web.unreadable_draft"
    sentence = _(
        "This could not be read, so nothing was saved. Please reload the page; the draft as last saved is safe."
    )


class DraftForm(forms.Form):
    """The fields of a draft. How long they may be is said by the verbs, in sentences."""

    version = forms.IntegerField(min_value=1)
    to = forms.CharField(required=False)
    cc = forms.CharField(required=False)
    bcc = forms.CharField(required=False)
    subject = forms.CharField(required=False)
    html = forms.CharField(required=False, strip=False)
    text = forms.CharField(required=False, strip=False)
    tracking = forms.BooleanField(required=False)
    share_tracking = forms.BooleanField(required=False)
    reply_freeze = forms.BooleanField(required=False)
    lifetime = forms.IntegerField(required=False, min_value=0, max_value=999_999_999)  # in days; nothing means never


class SendingForm(forms.Form):
    """What makes one sending: its key, and the consents: to invite people, to send what is not finished."""

    idempotency_key = forms.UUIDField()
    invite = forms.BooleanField(required=False)
    unfinished = forms.BooleanField(required=False)


@dataclass(frozen=True)
class Written:
    """What a page shows and wants kept, and the version of the draft it was written on."""

    version: int
    changes: DraftChanges


def read_draft(given: Mapping[str, Any]) -> Written:
    """What was posted. Raises Unreadable."""
    # No key writes a NUL, but pasted text may bring one; refused for it, nothing of the letter would be saved any more.
    given = {name: told.replace("\x00", "") if isinstance(told, str) else told for name, told in given.items()}
    form = DraftForm(given)
    if not form.is_valid():
        raise Unreadable
    told = {name: value for name, value in form.cleaned_data.items() if name in given}
    # A browser leaves out switches that are off. A plain form says that they were on the page at all.
    told |= {name: form.cleaned_data[name] for name in switches if "options" in given}
    return Written(version=form.cleaned_data["version"], changes=_changes(told, given))


def read_saves(given: Mapping[str, Any]) -> list[Written]:
    """What was posted, after the save that may still be under way from the same page. Raises Unreadable.

    A page that goes away cannot wait for the answer to its last save, so it tells that one again: whichever of the two
    arrives first, its last words follow on the version that this save makes, and on no other window's.
    """
    under_way = given.get("under_way", {})
    if not isinstance(under_way, Mapping):
        raise Unreadable
    last = read_draft(given)
    return [read_draft({**under_way, "version": last.version}), last] if under_way else [last]


def read_recipients(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Everybody in To, Cc and Bcc, as typed."""
    return tuple(one for name in ("to", "cc", "bcc") for one in _recipients(str(given.get(name, ""))))


def digest_of(text: str) -> str:
    """Tells whether somebody without scripts has changed the plain text of a formatted letter."""
    return sha256(_one_kind_of_line_end(text).strip().encode()).hexdigest()[:16]


def _changes(told: dict[str, Any], given: Mapping[str, Any]) -> DraftChanges:
    recipients: dict[str, Any] = {name: _recipients(told[name]) for name in ("to", "cc", "bcc") if name in told}
    kept = {name: told[name] for name in ("subject", "html", *switches) if name in told}
    if "lifetime" in told:
        kept["lifetime"] = timedelta(days=told["lifetime"] or 0)
    if "html" not in told and "text" in told and digest_of(told["text"]) != given.get("text_digest"):
        kept["html"] = linebreaks(_one_kind_of_line_end(told["text"]), autoescape=True)
    return DraftChanges(**recipients, **kept)


def _recipients(text: str) -> tuple[str, ...]:
    return tuple(typed.address for typed in pasting.split_typed(text))


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n")
