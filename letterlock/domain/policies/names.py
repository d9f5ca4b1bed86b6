"""Names of people: what may be one, and what may stand in a mail.

A name is shown beside an address that was proven. It must not look like an address itself, nor turn the text around it.
"""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from letterlock.domain.policies import limits
from letterlock.foundation.kernel.refusals import Kind, Refusal

_address_like = frozenset("@:/")
_dot_before_letter = re.compile(r"\.[^\W\d_]")


class InvalidName(Refusal):
    """Empty, too long, or with characters that could pass for an address."""

    kind = Kind.INVALID
    code = "policies.invalid_name"
    sentence = _(
        "A name has 1 to 64 characters, without “@”, “:”, “/” and invisible characters. Nothing was changed; please "
        "write it differently."
    )


def read_name(typed: str) -> str:
    """The name in NFC, its spaces tidied. Raises InvalidName."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not _is_name(name):
        raise InvalidName
    return name


def mail_name(name: str, *, address: str) -> str:
    """What a mail may call the person: the name, or the address where the name could be taken for a link."""
    return name if _is_name(name) and not _dot_before_letter.search(name) else address


def _is_name(name: str) -> bool:
    fits = 1 <= len(name) <= limits.name_characters
    return fits and _address_like.isdisjoint(name) and all(_is_visible(character) for character in name)


def _is_visible(character: str) -> bool:
    # Category C holds controls, bidirectional marks, private use and the unassigned; Z every space but the plain one.
    return character == " " or unicodedata.category(character)[0] not in "CZ"
