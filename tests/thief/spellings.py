"""Finding known words again, however they were spelled.

A marker's core is letters and digits, so that escapes for addresses, JSON, HTML and quoted-printable leave it as it is;
what has other signs in it, like a code with a space, is searched in those spellings as well.
"""

import base64
import html
import json
import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from urllib.parse import quote, quote_plus


@dataclass(frozen=True)
class Find:
    """Which marker was found where, and how it was spelled."""

    marker: str
    place: str
    spelling: str


def spellings(secret: bytes) -> dict[str, bytes]:
    """Every way to write these bytes that is looked for, by name."""
    text = secret.decode("latin-1")
    found = {
        "plain": secret,
        "UTF-16, little end first": text.encode("utf-16-le"),
        "UTF-16, big end first": text.encode("utf-16-be"),
        "hexadecimal": secret.hex().encode(),
        "hexadecimal, upper case": secret.hex().upper().encode(),
        "percent": quote(secret).encode(),
        "percent and plus": quote_plus(secret).encode(),
        "JSON": json.dumps(text)[1:-1].encode(),
        "HTML": html.escape(text).encode(),
        "quoted-printable": quopri.encodestring(secret, quotetabs=True).replace(b"=\n", b""),
        **{f"base64 after {before} bytes": _base64(secret, before) for before in range(3)},
    }
    for name, spelled in list(found.items()):
        if name.startswith("base64"):
            found[f"{name}, for addresses"] = spelled.translate(bytes.maketrans(b"+/", b"-_"))
    return found


def finds(markers: Mapping[str, bytes], *, stem: bytes, places: Mapping[str, list[bytes]]) -> Iterator[Find]:
    """Each marker in each place. The markers that begin with the stem are looked for only where the stem is."""
    wanted = {name: _distinct(spellings(secret)) for name, secret in markers.items()}
    stems = _distinct(spellings(stem))
    for place, blobs in places.items():
        for blob in blobs:
            has_stem = any(spelled in blob for spelled in stems.values())
            for name, forms in wanted.items():
                if has_stem or stem not in markers[name]:
                    yield from (Find(name, place, how) for how, spelled in forms.items() if spelled in blob)


def opened_mail(raw: bytes) -> list[bytes]:
    """A mail as its bytes, without the line ends that only fold it, and each part decoded."""
    mail = message_from_bytes(raw, policy=policy.default)
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    headers = [str(value).encode("utf-8", "replace") for value in mail.values()]
    return [raw, re.sub(rb"=\r?\n", b"", raw), *headers, *(part for part in parts if isinstance(part, bytes))]


def _base64(secret: bytes, before: int) -> bytes:
    """The characters that depend on nothing but the secret when so many bytes stand before it."""
    encoded = base64.b64encode(bytes(before) + secret)
    return encoded[(before * 8 + 5) // 6 : (before + len(secret)) * 8 // 6]


def _distinct(forms: Mapping[str, bytes]) -> dict[str, bytes]:
    return {how: spelled for spelled, how in {spelled: how for how, spelled in reversed(forms.items())}.items()}
