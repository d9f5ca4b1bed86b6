"""DKIM (RFC 6376): the relay's world can see that nobody changed what the mail says of itself."""

import functools
from pathlib import Path

import dkim

from letterlock.domain.notices import settings

signed = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"mime-version",
    b"content-type",
    b"auto-submitted",
    b"x-letterlock-notice",
    b"x-letterlock-message",
)


def sign(content: bytes, *, domain: str) -> bytes:
    """The mail with a signature of the configured key in front, or as it is when there is none."""
    configured = settings.read()
    if configured.dkim_key is None:
        return content
    signature: bytes = dkim.sign(
        content,
        configured.dkim_selector.encode(),
        domain.encode(),
        _key(configured.dkim_key),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=list(signed),
    )
    return signature + content


@functools.cache
def _key(path: Path) -> bytes:
    return path.read_bytes()
