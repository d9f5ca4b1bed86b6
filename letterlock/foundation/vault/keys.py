"""Content keys: one for each message or draft, and whatever belongs to it."""

import secrets

from letterlock.foundation.kernel.secrets import Secret
from letterlock.foundation.vault.sealing import key_bytes


class ContentKey(Secret[bytes]):
    """32 random bytes that seal one object: its body, its pictures, everything derived from them."""

    __slots__ = ()

    def __init__(self, value: bytes) -> None:
        if len(value) != key_bytes:
            raise ValueError(f"A content key has {key_bytes} bytes.")
        super().__init__(value)


def new_content_key() -> ContentKey:
    """A fresh key, known to nobody until it is wrapped."""
    return ContentKey(secrets.token_bytes(key_bytes))
