"""What the vault's tests share: keys planted from vectors, and a process that remembers none."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.conf import settings

from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.secrets import Plaintext
from letterlock.foundation.vault import key_pairs, platform_keys, roots
from letterlock.foundation.vault.keystore.models import SealedKey
from letterlock.foundation.vault.models import Holder
from letterlock.foundation.vault.sealing import Context, seal_record

at = datetime(2026, 11, 24, 17, 10, 4, tzinfo=UTC)

Plant = Callable[[UUID, int, bytes], None]


@pytest.fixture(autouse=True)
def _remember_nothing() -> Iterator[None]:
    platform_keys.forget_keys()
    yield
    platform_keys.forget_keys()


@pytest.fixture
def plant_platform_key(stores: None) -> Plant:
    """Puts a platform key from a vector into the keystore, sealed under this test run's root key."""

    def plant(platform_id: UUID, generation: int, key: bytes) -> None:
        context = Context(platform_id=platform_id, purpose="platform-key", object_id=platform_id, generation=generation)
        root = roots.read_root_key(settings.LETTERLOCK_ROOT_KEY)
        SealedKey.objects.create(
            platform_id=platform_id,
            purpose=platform_keys.key_purpose,
            generation=generation,
            sealed=seal_record(Plaintext(key), key=root, context=context),
            created_at=at,
        )

    return plant


@pytest.fixture
def platform_id(stores: None) -> UUID:
    """A platform with a key of its own."""
    return new_platform()


@pytest.fixture
def alice(platform_id: UUID) -> Holder:
    return new_holder(platform_id)


@pytest.fixture
def bob(platform_id: UUID) -> Holder:
    return new_holder(platform_id)


def new_platform() -> UUID:
    platform = new_id()
    platform_keys.create_platform_key(platform, at=at)
    return platform


def new_holder(platform_id: UUID) -> Holder:
    """Somebody with a key pair on the platform."""
    holder = Holder(new_id())
    with transactions.writing():
        key_pairs.create_key_pair(holder, platform_id=platform_id, at=at)
    return holder
