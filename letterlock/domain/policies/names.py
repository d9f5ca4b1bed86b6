"""Names of people: what may be one, and what may stand in a mail.

A name is shown beside an address that was proven. It must not look like an address itself, nor turn the text around it.
"""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from letterlock.domain.policies import limits
from letterlock.foundation.kernel.refusals import Kind, Refusal

_address_like = frozenset("@:/")
#: Strokes that pass for a slash or a colon and that no compatibility form leads back to one.
_look_alikes = frozenset("\u2044\u2215\u2236\u29f8\ua789")
_dot_before_letter = re.compile(r"[.\u3002][^\W\d_]")
#: Unicode calls them letters, marks and symbols, and nobody sees them: a name of these would be an empty place.
_blank = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
#: How an encoded word begins (RFC 2047): readers and writers of mail unpack it, whatever it hides.
_packed = "=?"


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
    return name if _is_name(name) and not _dot_before_letter.search(_seen(name)) else address


def _is_name(name: str) -> bool:
    fits = 1 <= len(name) <= limits.name_characters
    return fits and _is_no_address(_seen(name)) and all(_is_visible(character) for character in name)


def _seen(name: str) -> str:
    """The name as an eye takes it: a full-width @ is an @."""
    return unicodedata.normalize("NFKC", name)


def _is_no_address(seen: str) -> bool:
    # SECURITY: an encoded word in a name was unpacked when our mails were written, line ends and all, and so wrote
    # headers of its own. See test_no_name_writes_a_header.
    return _packed not in seen and (_address_like | _look_alikes).isdisjoint(seen)


def _is_visible(character: str) -> bool:
    # Category C holds controls, bidirectional marks, private use and the unassigned; Z every space but the plain one.
    return character == " " or (unicodedata.category(character)[0] not in "CZ" and character not in _blank)
