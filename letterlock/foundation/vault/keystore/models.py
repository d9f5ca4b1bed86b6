"""The keystore's three tables, on the database alias `keystore`."""

from typing import Self

from django.db import models

from letterlock.foundation.kernel.identifiers import new_id


class Durability(models.TextChoices):
    """Which backup rule a sealed key follows."""

    SHORT = "short", "snapshots kept for hours, so that destruction is real"
    DURABLE = "durable", "kept in long backups, as a certificate authority needs"


class SealedKey(models.Model):
    """A key sealed under the key above it, or a reference to one kept outside."""

    id = models.UUIDField(primary_key=True, default=new_id)
    platform_id = models.UUIDField()
    purpose = models.CharField(max_length=32)
    generation = models.PositiveIntegerField(default=1)
    public_part = models.BinaryField(default=b"")
    sealed = models.BinaryField(default=b"")
    outside_reference = models.CharField(max_length=255, default="", blank=True)
    durability = models.CharField(max_length=16, choices=Durability, default=Durability.SHORT)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["platform_id", "purpose", "generation"], name="a_purpose_has_one_key_a_generation"
            ),
        ]


class ShareQuerySet(models.QuerySet["Share"]):
    def alive(self) -> Self:
        """Shares that still open something."""
        return self.filter(is_blank=False)


class Share(models.Model):
    """The half *B* of a content key, sealed under the platform's share key. Destroying it is the taking back.

    A destroyed share is blanked: its bytes are overwritten in place with as many zeros, and the row goes 400 days
    later, with its tombstone. Deleting it at once would make SQLite join pages, which moves neighbours and leaves
    copies of them in unused page space, where secure_delete never comes: two of three thousand were found there.
    """

    id = models.UUIDField(primary_key=True)
    platform_id = models.UUIDField()
    object_kind = models.CharField(max_length=16)
    object_id = models.UUIDField()
    holder_kind = models.CharField(max_length=16)
    holder_id = models.UUIDField()
    platform_key_generation = models.PositiveIntegerField()
    sealed = models.BinaryField()
    # SQLite stores false and true in no bytes at all, so that setting it does not move the row.
    is_blank = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = ShareQuerySet.as_manager()

    class Meta:
        # Not unique: a send that failed after its shares leaves some that no wrap names, and must not stand in the way
        # of the next try. The wrap names the one that counts; taking back destroys all.
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="share_by_object"),
            models.Index(fields=["platform_id", "created_at"], name="share_by_age"),
        ]


class Reason(models.TextChoices):
    """Why a share was destroyed."""

    RECALLED = "recalled"
    REMOVED = "removed"
    EXPIRED = "expired"
    DELETED = "deleted"
    ERASED = "erased"
    NAMELESS = "nameless"


class Tombstone(models.Model):
    """That a share was destroyed: never its bytes. Kept 400 days."""

    share_id = models.UUIDField(primary_key=True)
    platform_id = models.UUIDField()
    object_kind = models.CharField(max_length=16)
    object_id = models.UUIDField()
    holder_kind = models.CharField(max_length=16)
    holder_id = models.UUIDField()
    reason = models.CharField(max_length=16, choices=Reason)
    entry_id = models.UUIDField(null=True)
    destroyed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="tombstone_by_object"),
            models.Index(fields=["destroyed_at"], name="tombstone_by_age"),
        ]
