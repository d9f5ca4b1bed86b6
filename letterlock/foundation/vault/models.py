"""What the vault keeps in the main database: public keys, sealed private keys, the first half of each wrap."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models

from letterlock.foundation.kernel.identifiers import new_id


class HolderKind(models.TextChoices):
    """Who can be handed a key."""

    ACCOUNT = "account"


class ObjectKind(models.TextChoices):
    """What has a content key of its own."""

    MESSAGE = "message"
    DRAFT = "draft"


class Basis(models.TextChoices):
    """Why a holder has a wrap; a signed document will outlive its recall."""

    AUTHORED = "authored"
    RECEIVED = "received"


@dataclass(frozen=True)
class Holder:
    """Somebody who can be handed a key, by kind and id: the vault knows no more of them."""

    id: UUID
    kind: HolderKind = HolderKind.ACCOUNT


@dataclass(frozen=True)
class Thing:
    """Something with a content key of its own, by kind and id."""

    kind: ObjectKind
    id: UUID


class KeyPair(models.Model):
    """One generation of a holder's HPKE key pair; the private half is sealed under the platform key."""

    id = models.UUIDField(primary_key=True, default=new_id)
    platform_id = models.UUIDField()
    holder_kind = models.CharField(max_length=16, choices=HolderKind)
    holder_id = models.UUIDField()
    generation = models.PositiveIntegerField(default=1)
    suite = models.CharField(max_length=48)
    public_key = models.BinaryField()
    sealed_private_key = models.BinaryField()
    platform_key_generation = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder_kind", "holder_id", "generation"], name="a_holder_has_one_key_pair_a_generation"
            ),
        ]


class Wrap(models.Model):
    """The half *A* of a content key, sealed to its holder. It opens to noise without the share *B*."""

    id = models.UUIDField(primary_key=True, default=new_id)
    platform_id = models.UUIDField()
    object_kind = models.CharField(max_length=16, choices=ObjectKind)
    object_id = models.UUIDField()
    holder_kind = models.CharField(max_length=16, choices=HolderKind)
    holder_id = models.UUIDField()
    basis = models.CharField(max_length=16, choices=Basis)
    share_id = models.UUIDField(unique=True)
    suite = models.CharField(max_length=48)
    key_generation = models.PositiveIntegerField()
    sealed_half = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_kind", "object_id", "holder_kind", "holder_id"],
                name="a_holder_has_one_wrap_of_an_object",
            ),
        ]
        indexes = [models.Index(fields=["holder_kind", "holder_id"], name="wrap_by_holder")]
