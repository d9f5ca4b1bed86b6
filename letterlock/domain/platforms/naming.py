"""What a platform may be called, and under which host name."""

import re
import unicodedata

import idna
from django.utils.translation import gettext_lazy as _

from letterlock.foundation.kernel.refusals import Kind, Refusal

longest_name = 64
longest_host = 253
least_labels = 2  # a bare word is a machine of the local network, and gets no certificate

_label = re.compile(r"\A(?!-)[a-z0-9-]{1,63}(?<!-)\Z")


class InvalidHost(Refusal):
    """Not a host name that a certificate could be made for."""

    kind = Kind.INVALID
    code = "platforms.invalid_host"
    sentence = _(
        "“{host}” is no host name. Write it like mail.example.com: at least two parts of letters, digits and hyphens, "
        "without scheme, port or path. Nothing was changed."
    )


class InvalidPlatformName(Refusal):
    """Empty, too long, or with characters that could disguise it."""

    kind = Kind.INVALID
    code = "platforms.invalid_name"
    sentence = _("A platform's name has 1 to 64 visible characters. Nothing was changed.")


def read_host(typed: str) -> str:
    """The host name in the form it is kept: lower case, international names as A-labels (RFC 5890)."""
    host = typed.strip()
    labels = _to_ascii(host).split(".")
    is_a_name = (
        len(labels) >= least_labels and all(_label.match(label) for label in labels) and not labels[-1].isdigit()
    )
    if not is_a_name:
        raise InvalidHost(host=host[:longest_host])
    return ".".join(labels)


def read_name(typed: str) -> str:
    """The name, trimmed and in NFC. It stands in mails and page titles, so it may not hide anything."""
    name = unicodedata.normalize("NFC", typed).strip()
    if not 1 <= len(name) <= longest_name or any(unicodedata.category(character)[0] == "C" for character in name):
        raise InvalidPlatformName
    return name


def _to_ascii(host: str) -> str:
    if len(host) > longest_host:
        raise InvalidHost(host=host[:longest_host])
    try:
        return idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError as error:
        raise InvalidHost(host=host) from error
