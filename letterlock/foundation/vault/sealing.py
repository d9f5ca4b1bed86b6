"""Sealed records: small pieces of plaintext, each under a key of its own. See docs/formats/sealed-record.md."""

import secrets
import struct
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from letterlock.foundation.kernel.secrets import Plaintext, Sealed, Secret

format_version = 1
key_bytes = 32
salt_bytes = 16
tag_bytes = 16

_prefix = bytes((format_version, 1))  # version; suite 1 is HKDF-SHA256 with AES-256-GCM
# The key is drawn afresh for each record, so the one nonce it is used with may be constant.
_nonce = bytes(12)


class Tampered(Exception):  # noqa: N818 -- said of the bytes, as in "the record is tampered"
    """What was sealed does not open here: changed, cut, moved, or not made with this key. One error for all."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """Where a ciphertext belongs. It opens nowhere else."""

    platform_id: UUID
    purpose: str
    object_id: UUID
    holder_id: UUID | None = None
    generation: int = 1

    def encode(self, *, format_name: str) -> bytes:
        """The canonical bytes: every field at a fixed place or with its length before it, so no two meet."""
        holder = b"\x00" if self.holder_id is None else b"\x01" + self.holder_id.bytes
        return b"".join(
            (
                with_length(b"letterlock"),
                with_length(format_name.encode()),
                bytes((format_version,)),
                self.platform_id.bytes,
                with_length(self.purpose.encode()),
                self.object_id.bytes,
                holder,
                struct.pack(">I", self.generation),
            )
        )


def seal_record(plaintext: Plaintext, *, key: Secret[bytes], context: Context) -> Sealed:
    """`plaintext` under a fresh key derived from `key`, for `context` alone."""
    return seal_with_salt(plaintext, salt=secrets.token_bytes(salt_bytes), key=key, context=context)


def open_record(
    sealed: bytes, *, key: Secret[bytes], context: Context, format_name: str = "sealed-record"
) -> Plaintext:
    """What `seal_record` sealed. Raises Tampered for every other sequence of bytes."""
    start = len(_prefix) + salt_bytes
    if len(sealed) < start + tag_bytes or sealed[: len(_prefix)] != _prefix:
        raise Tampered
    info = context.encode(format_name=format_name)
    record_key = derive_key(key, salt=sealed[len(_prefix) : start], info=info)
    try:
        return Plaintext(AESGCM(record_key).decrypt(_nonce, sealed[start:], info))
    except InvalidTag:
        raise Tampered from None


def seal_with_salt(
    plaintext: Plaintext, *, salt: bytes, key: Secret[bytes], context: Context, format_name: str = "sealed-record"
) -> Sealed:
    """The pure half of `seal_record`. SECURITY: a salt serves one record; only vectors choose it."""
    info = context.encode(format_name=format_name)
    ciphertext = AESGCM(derive_key(key, salt=salt, info=info)).encrypt(_nonce, plaintext, info)
    return Sealed(_prefix + salt + ciphertext)


def derive_key(parent: Secret[bytes], *, salt: bytes, info: bytes) -> bytes:
    """32 bytes by HKDF-SHA256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=key_bytes, salt=salt, info=info).derive(parent.reveal())


def with_length(field: bytes) -> bytes:
    """The field with its length before it, two bytes, big-endian."""
    return struct.pack(">H", len(field)) + field
