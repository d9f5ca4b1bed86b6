"""Platform keys, sealed under the root key, and the purpose keys derived from them. See docs/formats/keys.md."""

import enum
import functools
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.secrets import Plaintext, Secret
from letterlock.foundation.vault import roots
from letterlock.foundation.vault.keystore.models import SealedKey
from letterlock.foundation.vault.sealing import (
    Context,
    Tampered,
    derive_key,
    key_bytes,
    open_record,
    seal_record,
)
from letterlock.foundation.vault.settings import vault_settings

key_purpose = "platform"
cached_keys = 4096


class Purpose(enum.StrEnum):
    """What a key derived from the platform key is for. One key never serves two."""

    ENVELOPE = "envelope"
    ACCOUNT = "account"
    LINKS = "links"
    SHARE = "share"
    LEDGER = "ledger"


class NoPlatformKey(LookupError):  # noqa: N818 -- reads as what it says
    """The keystore has no such key: it is another platform's keystore, or was lost."""


@dataclass(frozen=True)
class PurposeKey:
    """A derived key, and the generation of the platform key it comes from."""

    key: Secret[bytes]
    generation: int


def create_platform_key(platform_id: UUID, *, at: datetime) -> None:
    """Give a platform its first key, before the platform has a row."""
    _add_generation(platform_id, 1, at=at)


def renew_platform_key(platform_id: UUID, *, at: datetime) -> int:
    """Add a generation; the older ones go on opening what they sealed. Other processes follow when they restart."""
    generation = _newest_generation(platform_id) + 1
    _add_generation(platform_id, generation, at=at)
    forget_keys()
    return generation


def purpose_key(platform_id: UUID, purpose: Purpose, *, generation: int | None = None) -> PurposeKey:
    """The platform's key for `purpose`, of the newest generation unless told. Raises NoPlatformKey, Tampered."""
    if generation is None:
        generation = _newest_generation(platform_id)
    return PurposeKey(_derived(platform_id, purpose, generation), generation)


def stored_purpose_key(platform_id: UUID, purpose: Purpose, *, generation: int) -> PurposeKey:
    """The key of a generation that a store names, where whoever has the store can change it. Raises Tampered."""
    try:
        return purpose_key(platform_id, purpose, generation=generation)
    except NoPlatformKey:
        raise Tampered from None


def forget_keys() -> None:
    """Drop what this process remembers, as after a renewal."""
    _newest_generation.cache_clear()
    _derived.cache_clear()


def _add_generation(platform_id: UUID, generation: int, *, at: datetime) -> None:
    root = roots.read_root_key(vault_settings().root_key)
    sealed = seal_record(Plaintext(secrets.token_bytes(key_bytes)), key=root, context=_context(platform_id, generation))
    with transactions.writing(using="keystore"):
        SealedKey.objects.create(
            platform_id=platform_id, purpose=key_purpose, generation=generation, sealed=sealed, created_at=at
        )


@functools.lru_cache(maxsize=cached_keys)
def _newest_generation(platform_id: UUID) -> int:
    keys = SealedKey.objects.filter(platform_id=platform_id, purpose=key_purpose)
    newest = keys.order_by("-generation").values_list("generation", flat=True).first()
    if newest is None:
        raise NoPlatformKey(f"The keystore has no key of platform {platform_id}.")
    return newest


@functools.lru_cache(maxsize=cached_keys)
def _derived(platform_id: UUID, purpose: Purpose, generation: int) -> Secret[bytes]:
    row = SealedKey.objects.filter(platform_id=platform_id, purpose=key_purpose, generation=generation).first()
    if row is None:
        raise NoPlatformKey(f"The keystore has no key of platform {platform_id}, generation {generation}.")
    root = roots.read_root_key(vault_settings().root_key)
    platform_key = open_record(bytes(row.sealed), key=root, context=_context(platform_id, generation))
    if len(platform_key) != key_bytes:
        raise Tampered
    return derive_purpose_key(Secret(bytes(platform_key)), platform_id, purpose, generation)


def derive_purpose_key(
    platform_key: Secret[bytes], platform_id: UUID, purpose: Purpose, generation: int
) -> Secret[bytes]:
    """The pure derivation: HKDF without salt, the platform key being uniform already."""
    context = Context(platform_id=platform_id, purpose=purpose, object_id=platform_id, generation=generation)
    return Secret(derive_key(platform_key, salt=b"", info=context.encode(format_name="purpose-key")))


def _context(platform_id: UUID, generation: int) -> Context:
    # The root key has no generations (rotating it re-seals these records), so the platform key's own is bound.
    return Context(platform_id=platform_id, purpose="platform-key", object_id=platform_id, generation=generation)
