"""A second, small implementation of `docs/formats/`, written from the pages alone.

It shares no code with the vault: HKDF is built here from HMAC, the layouts are spelt out again. Only AES-GCM, X25519
and ML-KEM come from the library, as single operations. What the vault and this module agree on is what the page says.
"""

import base64
import hashlib
import hmac
import math
import zlib
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

frame = 256 * 1024


def extract(salt: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), secret, "sha256")


def expand(prk: bytes, info: bytes, length: int) -> bytes:
    block, out = b"", b""
    while len(out) < length:
        block = hmac.digest(prk, block + info + bytes((len(out) // 32 + 1,)), "sha256")
        out += block
    return out[:length]


def hkdf(secret: bytes, *, salt: bytes = b"", info: bytes = b"") -> bytes:
    return expand(extract(salt, secret), info, 32)


def lp(field: bytes) -> bytes:
    return len(field).to_bytes(2, "big") + field


def context(format_name: str, given: dict[str, Any]) -> bytes:
    holder, generation = given.get("holder"), int(given["generation"])
    return (
        lp(b"letterlock")
        + lp(format_name.encode())
        + b"\x01"
        + UUID(given["platform"]).bytes
        + lp(str(given["purpose"]).encode())
        + UUID(given["object"]).bytes
        + (b"\x01" + UUID(holder).bytes if holder else b"\x00")
        + generation.to_bytes(4, "big")
    )


def seal_record(plaintext: bytes, *, key: bytes, salt: bytes, where: bytes) -> bytes:
    record_key = hkdf(key, salt=salt, info=where)
    return b"\x01\x01" + salt + AESGCM(record_key).encrypt(bytes(12), plaintext, where)


def open_record(sealed: bytes, *, key: bytes, where: bytes) -> bytes:
    assert sealed[:2] == b"\x01\x01"
    record_key = hkdf(key, salt=sealed[2:18], info=where)
    return AESGCM(record_key).decrypt(bytes(12), sealed[18:], where)


def seal_segment(content: bytes, *, key: bytes, salt: bytes, kind: int, index: int, given: dict[str, Any]) -> bytes:
    header = b"LLSS" + bytes((1, 1, kind, 0)) + UUID(given["object"]).bytes + index.to_bytes(4, "big") + salt
    cipher = AESGCM(hkdf(key, salt=salt, info=context("sealed-stream", given) + header))
    count = max(1, math.ceil(len(content) / frame))
    frames = [
        cipher.encrypt(i.to_bytes(11, "big") + bytes((i == count - 1,)), content[i * frame : (i + 1) * frame], b"")
        for i in range(count)
    ]
    return header + b"".join(frames)


def manifest(content: bytes, *, lengths: list[int], salts: list[bytes]) -> bytes:
    head = b"\x01" + len(content).to_bytes(8, "big") + zlib.crc32(content).to_bytes(4, "big")
    entries = [length.to_bytes(4, "big") + salt for length, salt in zip(lengths, salts, strict=True)]
    return head + hashlib.sha256(content).digest() + len(entries).to_bytes(4, "big") + b"".join(entries)


def padme(length: int) -> int:
    exponent = math.floor(math.log2(length))
    step: int = 2 ** (exponent - (math.floor(math.log2(exponent)) + 1))
    return math.ceil(length / step) * step


def pad(content: bytes) -> bytes:
    whole = len(content).to_bytes(8, "big") + content
    return whole + bytes(max(256, padme(len(whole))) - len(whole))


def seal_body(content: bytes, *, key: bytes, manifest_salt: bytes, salt: bytes, given: dict[str, Any]) -> bytes:
    """A body of one segment."""
    padded = pad(content)
    segment = seal_segment(padded, key=key, salt=salt, kind=1, index=0, given=given)
    plain = manifest(padded, lengths=[len(padded)], salts=[salt])
    sealed = seal_record(plain, key=key, salt=manifest_salt, where=context("stream-manifest", given))
    return len(sealed).to_bytes(4, "big") + sealed + segment


def purpose_key(platform_key: bytes, *, platform: str, purpose: str, generation: int) -> bytes:
    given = {"platform": platform, "purpose": purpose, "object": platform, "generation": generation}
    return hkdf(platform_key, info=context("purpose-key", given))


def token(links_key: bytes, given: dict[str, Any]) -> str:
    digest = hmac.digest(links_key, context("derived-token", given), "sha256")
    return base64.urlsafe_b64encode(digest).decode().replace("=", "")


def code(links_key: bytes, given: dict[str, Any]) -> str:
    digest = hmac.digest(links_key, context("derived-code", given), "sha256")
    return f"{int.from_bytes(digest, 'big') % 100_000_000:08d}"


def tag(links_key: bytes, platform: str, parts: list[str]) -> str:
    fields = ["letterlock", "derived-tag", platform, *parts]
    digest = hmac.digest(links_key, b"".join(lp(field.encode()) for field in fields), "sha256")
    return base64.b32encode(digest)[:16].decode().lower()


def open_hpke(sealed: bytes, *, private: bytes, info: bytes) -> bytes:
    """RFC 9180, base mode, single shot; KEM X-Wing (0x647a), HKDF-SHA256 (1), AES-256-GCM (2)."""
    suite = b"HPKE" + b"\x64\x7a" + b"\x00\x01" + b"\x00\x02"
    shared = _decapsulate(sealed[:1120], private)

    def labelled_extract(salt: bytes, label: bytes, secret: bytes) -> bytes:
        return extract(salt, b"HPKE-v1" + suite + label + secret)

    def labelled_expand(prk: bytes, label: bytes, data: bytes, length: int) -> bytes:
        return expand(prk, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + data, length)

    schedule = b"\x00" + labelled_extract(b"", b"psk_id_hash", b"") + labelled_extract(b"", b"info_hash", info)
    secret = labelled_extract(shared, b"secret", b"")
    key, nonce = labelled_expand(secret, b"key", schedule, 32), labelled_expand(secret, b"base_nonce", schedule, 12)
    return AESGCM(key).decrypt(nonce, sealed[1120:], b"")


def _decapsulate(enc: bytes, private: bytes) -> bytes:
    x25519 = X25519PrivateKey.from_private_bytes(private[64:])
    by_mlkem = MLKEM768PrivateKey.from_seed_bytes(private[:64]).decapsulate(enc[:1088])
    by_x25519 = x25519.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    return hashlib.sha3_256(
        by_mlkem + by_x25519 + enc[1088:] + x25519.public_key().public_bytes_raw() + rb"\.//^\ "[:-1]
    ).digest()
