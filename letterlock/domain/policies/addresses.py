"""E-mail addresses: what a person typed, and the one form under which an account is found.

The mailbox of RFC 5321 (section 4.1.2) with the international characters of RFC 6531; the domain by IDNA2008 after the
mapping of UTS 46. Not taken: comments, route addresses and address literals, which no person has.

Normal form: the local part in NFC and lower case, without quotes where it needs none; the domain as lower-case
A-labels. Dots and plus tags are left alone: whether they matter is the receiving server's business. What tells letters
apart is kept: ß is not ss, and ſ is not s; whoever has one of the two mailboxes is not to read what the other is sent.
"""

import re
import unicodedata
from dataclasses import dataclass

import idna
from django.utils.translation import gettext_lazy as _

from letterlock.domain.policies import limits
from letterlock.foundation.kernel.refusals import Kind, Refusal


@dataclass(frozen=True, kw_only=True)
class Address:
    """`normal` finds the account; `shown` is what people read and what mail is sent to."""

    normal: str
    shown: str


class InvalidAddress(Refusal):
    """Nobody can have this address; `because` says what is wrong with it."""

    kind = Kind.INVALID
    code = "policies.invalid_address"
    sentence = _("“{typed}” is no e-mail address: {because}.")


#: Letters, marks, numbers, punctuation and symbols; no controls, no bidirectional marks, no spaces.
_visible = frozenset("LMNPS")
_ascii_text = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~\-"
_word = rf"[{_ascii_text}\u0080-\U0010ffff]+"
_dotted = re.compile(rf"{_word}(?:\.{_word})*")
_quoted = re.compile(r'"(?:[ !#-\[\]-~\u0080-\U0010ffff]|\\[ -~])+"')
_escape = re.compile(r"\\(.)")
packed = _("“=?” stands before the @, which mail programs read as something else")
_longest_shown_back = 80
_least_labels = 2


def read_address(typed: str) -> Address:
    """The address in `typed`. Raises InvalidAddress, with the reason."""
    try:
        return _read(unicodedata.normalize("NFC", typed.strip()))
    except _Unreadable as error:
        raise InvalidAddress(typed=_harmless(typed.strip()), because=error.because) from error


class _Unreadable(Exception):  # noqa: N818 -- carries the reason to the one place that refuses
    def __init__(self, because: object) -> None:
        super().__init__()
        self.because = because


def _read(text: str) -> Address:
    # A cheap bound before any mapping: quotes and composition shorten what was typed, but never by this much.
    if len(text) > 4 * limits.address_octets:
        raise _Unreadable(_("it is too long"))
    local, at_sign, domain = text.rpartition("@")
    if not at_sign:
        raise _Unreadable(_("the @ is missing"))
    written, ascii_domain = _read_local_part(local), _read_domain(domain)
    shown = f"{_spell(written)}@{idna.decode(ascii_domain)}"
    normal = f"{_spell(in_lower_case(written))}@{ascii_domain}"
    if max(_octets(f"{_spell(written)}@{ascii_domain}"), _octets(normal)) > limits.address_octets:
        raise _Unreadable(_("it is too long"))
    return Address(normal=normal, shown=shown)


def _read_local_part(local: str) -> str:
    """The characters that the local part stands for, without quotes and escapes."""
    if not local:
        raise _Unreadable(_("there is nothing before the @"))
    if _quoted.fullmatch(local):
        local = _escape.sub(r"\1", local[1:-1])
    elif not _dotted.fullmatch(local):
        raise _Unreadable(_local_fault(local))
    if not all(_is_visible(character) or character == " " for character in local):
        raise _Unreadable(_("there is an invisible character in it"))
    # SECURITY: an encoded word (RFC 2047, which allows none in an address) is unpacked by whoever writes or reads the
    # header it stands in, line ends and all. See test_no_address_can_carry_a_header.
    if "=?" in local:
        raise _Unreadable(packed)
    if max(_octets(_spell(local)), _octets(_spell(in_lower_case(local)))) > limits.local_part_octets:
        raise _Unreadable(_("the part before the @ is too long"))
    return local


def _local_fault(local: str) -> object:
    if "@" in local:
        return _("it has more than one @")
    if any(character.isspace() for character in local):
        return _("there is a space in it")
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return _("a dot stands where none may be")
    return _("there is a character before the @ that may not be there")


def _read_domain(domain: str) -> str:
    """The domain as lower-case A-labels."""
    if not domain:
        raise _Unreadable(_("there is nothing after the @"))
    if domain.startswith("["):
        raise _Unreadable(_("the part after the @ must be a name, not a number"))
    try:
        ascii_domain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii").lower()
    except idna.IDNAError as error:
        raise _Unreadable(_("the part after the @ is no domain name")) from error
    _refuse_unusable(ascii_domain)
    return ascii_domain


def _refuse_unusable(domain: str) -> None:
    labels = domain.split(".")
    if labels[-1].isdigit():
        raise _Unreadable(_("the part after the @ must be a name, not a number"))
    if len(labels) < _least_labels or not all(labels):
        raise _Unreadable(_("the part after the @ is incomplete"))


def in_lower_case(local: str) -> str:
    """A local part, or the beginning of one, as the normal form spells it."""
    # Case mapping of RFC 8265 (section 3.3), which is `lower` and no case folding: folding makes ss of ß and s of ſ,
    # and those are other mailboxes. Lowering twice, because what NFC composes may be a capital again.
    lowered = unicodedata.normalize("NFC", local).lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", lowered).lower())


def _spell(local: str) -> str:
    if _dotted.fullmatch(local):
        return local
    return '"' + re.sub(r'(["\\])', r"\\\1", local) + '"'


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in _visible


def _octets(text: str) -> int:
    return len(text.encode("utf-8", errors="replace"))


def _harmless(typed: str) -> str:
    """What was typed, cut and without control characters, to be named in the refusal."""
    return "".join(character if _is_visible(character) else " " for character in typed[:_longest_shown_back])
