"""A thief with exactly these files, all of our code, and patience: everything the code can do with them is tried."""

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import heading, parts, subjects
from letterlock.domain.mailbox.models import Draft, Message, Part, Recall
from letterlock.foundation.kernel.secrets import Secret
from letterlock.foundation.vault import envelopes, key_pairs, platform_keys, wrapping
from letterlock.foundation.vault.keys import ContentKey
from letterlock.foundation.vault.keystore.models import SealedKey, Share
from letterlock.foundation.vault.models import Holder, HolderKind, Wrap
from letterlock.foundation.vault.platform_keys import Purpose
from letterlock.foundation.vault.sealing import key_bytes, open_record
from letterlock.foundation.vault.wrapping import FetchedShare
from tests.thief.copies import Copy, in_place_of_the_stores

Got = TypeVar("Got")


@dataclass
class Loot:
    """What came out: texts by the row they belong to, and through whose wrap a letter was opened."""

    people: set[str] = field(default_factory=set)
    subjects: dict[UUID, str] = field(default_factory=dict)
    reasons: dict[UUID, str] = field(default_factory=dict)
    contents: dict[UUID, set[bytes]] = field(default_factory=dict)
    opened_through: dict[UUID, set[UUID]] = field(default_factory=dict)
    seeds: int = 0
    has_guessed_root: bool = False


class Burglar:
    """`databases` and `keystores` are all copies at hand: a wrap of one is tried with a share of another."""

    def __init__(self, *, databases: list[Copy], keystores: list[Copy], root: Path) -> None:
        self._pairs = list(product(databases, keystores))
        self._root = root
        self._copies = [*databases, *keystores]
        self._wraps: list[Any] = [row for one in databases for row in one.rows(Wrap)]
        self._parts: list[Any] = [row for one in databases for row in one.rows(Part)]
        self._envelopes: list[Any] = [row for one in databases for kind in (Message, Draft) for row in one.rows(kind)]
        self._recalls: list[Any] = [row for one in databases for row in one.rows(Recall)]
        self._shares: list[Any] = [row for one in keystores for row in one.rows(Share)]
        self._sealed_keys: list[Any] = [row for one in keystores for row in one.rows(SealedKey)]
        self._people: list[Any] = [row for one in databases for row in one.rows(Account)]
        self._seeds = {seed for one in self._copies for value in one.values() for seed in seeds_in(value)}

    def take_everything(self) -> Loot:
        loot = Loot(seeds=len(self._seeds))
        loot.people = {words for one in self._people for words in (one.name, one.address) if words}
        for number, (database, keystore) in enumerate(self._pairs):
            with in_place_of_the_stores(database, keystore, root=self._root):
                self._open_envelopes(loot)
                self._open_letters(loot, also_mismatched=number == 0)
        self._try_seeds(loot)
        return loot

    def _open_envelopes(self, loot: Loot) -> None:
        for row in self._envelopes:
            _keep(loot.subjects, row.id, attempt(subjects.subject_of, row))
        platform_of = {row.id: row.platform_id for row in self._envelopes}
        for recall in self._recalls:
            reason = attempt(heading.reason_of, recall, platform_id=platform_of[recall.message_id])
            _keep(loot.reasons, recall.message_id, reason)

    def _open_letters(self, loot: Loot, *, also_mismatched: bool) -> None:
        for wrap in self._wraps:
            # Also shares of other wraps, and the halves by themselves: one of them might be more than half.
            for share in self._shares_for(wrap, also_mismatched=also_mismatched):
                self._open_parts(attempt(wrapping.unwrap, FetchedShare(share, wrap)), loot, wrap=wrap)
            for half in self._halves(wrap):
                self._open_parts(ContentKey(half), loot, wrap=wrap)

    def _shares_for(self, wrap: Any, *, also_mismatched: bool) -> Iterator[Any]:
        for share in self._shares:
            is_near = share.holder_id == wrap.holder_id or share.object_id == wrap.object_id
            if share.id == wrap.share_id or (also_mismatched and is_near):
                yield share

    def _halves(self, wrap: Wrap) -> Iterator[bytes]:
        holder = Holder(wrap.holder_id, HolderKind(wrap.holder_kind))
        private = attempt(
            key_pairs.open_private_key, holder, platform_id=wrap.platform_id, generation=wrap.key_generation
        )
        half = attempt(
            wrapping.open_half, bytes(wrap.sealed_half), private=private, context=wrapping._wrap_context(wrap)
        )
        if half is not None:
            yield half

    def _open_parts(self, key: ContentKey | None, loot: Loot, *, wrap: Wrap) -> None:
        if key is None:
            return
        for part in self._parts:
            if part.owner_id == wrap.object_id and (content := attempt(parts.open_part, part, key=key)) is not None:
                loot.contents.setdefault(part.owner_id, set()).add(bytes(content))
                loot.opened_through.setdefault(part.owner_id, set()).add(wrap.holder_id)

    def _try_seeds(self, loot: Loot) -> None:
        """Every value as root key, platform key, purpose key and content key."""
        for seed in self._seeds:
            secret = Secret(seed)
            for row in self._sealed_keys:
                context = platform_keys._context(row.platform_id, row.generation)
                loot.has_guessed_root |= (
                    attempt(open_record, bytes(row.sealed), key=secret, context=context) is not None
                )
            for row in self._envelopes:
                for key in (secret, _envelope_key(secret, row)):
                    _keep(loot.subjects, row.id, attempt(_open_subject, row, key=key))
            for part in self._parts:
                content = attempt(parts.open_part, part, key=ContentKey(seed))
                if content is not None:
                    loot.contents.setdefault(part.owner_id, set()).add(bytes(content))


def attempt(act: Callable[..., Got], *given: Any, **named: Any) -> Got | None:
    """What it answers; None when it refuses in whatever way: a thief does not mind how."""
    try:
        return act(*given, **named)
    except Exception:
        return None


def seeds_in(value: object) -> Iterator[bytes]:
    """What of a value could be a key of 32 bytes: its ends, its digest, and what its text may encode."""
    for raw in _as_bytes(value):
        if raw:
            yield sha256(raw).digest()
        if len(raw) >= key_bytes:
            yield from (raw[:key_bytes], raw[-key_bytes:])


def _as_bytes(value: object) -> Iterator[bytes]:
    if isinstance(value, bytes | memoryview | bytearray):
        yield bytes(value)
    elif isinstance(value, UUID):
        yield value.bytes
    elif isinstance(value, str):
        yield value.encode()
        for decode in (bytes.fromhex, base64.b64decode, base64.urlsafe_b64decode):
            try:
                yield decode(value + "=" * (-len(value) % 4) if decode is not bytes.fromhex else value)
            except (ValueError, binascii.Error):
                continue


def _keep(found: dict[UUID, str], row_id: UUID, text: str | None) -> None:
    if text:
        found[row_id] = text


def _envelope_key(platform_key: Secret[bytes], row: Any) -> Secret[bytes]:
    return platform_keys.derive_purpose_key(platform_key, row.platform_id, Purpose.ENVELOPE, 1)


def _open_subject(row: Any, *, key: Secret[bytes]) -> str:
    context = envelopes._context(row.platform_id, row.id, "subject", 1)
    return open_record(bytes(row.sealed_subject)[envelopes._header.size :], key=key, context=context).decode()
