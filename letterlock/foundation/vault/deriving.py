"""Tokens, codes and tags that are computed when needed and never stored. See docs/formats/derived-tokens.md."""

import base64
import hashlib
import hmac
from uuid import UUID

from letterlock.foundation.vault import platform_keys
from letterlock.foundation.vault.platform_keys import Purpose
from letterlock.foundation.vault.sealing import Context, with_length

code_digits = 8
tag_characters = 16

# Renewing a platform key must not break links that are in somebody's mailbox, so all of them hang on the first.
_links_generation = 1


def derive_token(purpose: str, *, platform_id: UUID, row_id: UUID, generation: int) -> str:
    """The secret of a link: 32 bytes as 43 characters of base64url."""
    digest = _digest("derived-token", purpose, platform_id=platform_id, row_id=row_id, generation=generation)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def derive_code(purpose: str, *, platform_id: UUID, row_id: UUID, generation: int) -> str:
    """The eight digits that a person types; safe only beside a limit on tries."""
    digest = _digest("derived-code", purpose, platform_id=platform_id, row_id=row_id, generation=generation)
    number = int.from_bytes(digest, "big") % 10**code_digits
    return f"{number:0{code_digits}}"


def derive_tag(*parts: object, platform_id: UUID) -> str:
    """Sixteen characters for mail headers, lower-case, bound to the `str` of each part in its place."""
    key = platform_keys.purpose_key(platform_id, Purpose.LINKS, generation=_links_generation).key
    message = b"".join(with_length(str(part).encode()) for part in ("letterlock", "derived-tag", platform_id, *parts))
    digest = hmac.digest(key.reveal(), message, "sha256")
    return base64.b32encode(digest).decode().lower()[:tag_characters]


def matches(given: str, expected: str) -> bool:
    """Whether both are the same, in a time that does not tell where they part."""
    return hmac.compare_digest(given.encode(), expected.encode())


def hash_key(value: str) -> bytes:
    """SHA-256 of a random cookie value: enough for what cannot be guessed, never for a password."""
    return hashlib.sha256(value.encode()).digest()


def _digest(format_name: str, purpose: str, *, platform_id: UUID, row_id: UUID, generation: int) -> bytes:
    key = platform_keys.purpose_key(platform_id, Purpose.LINKS, generation=_links_generation).key
    context = Context(platform_id=platform_id, purpose=purpose, object_id=row_id, generation=generation)
    return hmac.digest(key.reveal(), context.encode(format_name=format_name), "sha256")
