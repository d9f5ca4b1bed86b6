"""The ledger's rows. `Entry`, `Leaf` and `Node` are insert only: triggers refuse everything else."""

from django.db import models

from letterlock.foundation.kernel.identifiers import new_id


class Entry(models.Model):
    """One fact. `leaf` is its canonical encoding: what the tree will hash."""

    id = models.UUIDField(primary_key=True, default=new_id)
    platform_id = models.UUIDField()
    event = models.CharField(max_length=80)
    at = models.DateTimeField()
    subject_id = models.UUIDField(null=True)
    object_id = models.UUIDField(null=True)
    leaf = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["platform_id", "subject_id", "id"], name="entry_by_subject"),
            models.Index(fields=["platform_id", "id"], name="entry_by_platform"),
        ]


class OpeningKind(models.TextChoices):
    """Which personal detail a commitment hides. A network is never recorded, but stays in the format: decision 0034."""

    ACTOR = "actor"
    ADDRESS = "address"
    CLIENT = "client"
    NETWORK = "network"


class Opening(models.Model):
    """Salt and value behind a commitment. Erasing it leaves the leaf, and the proof, as they were."""

    id = models.UUIDField(primary_key=True, default=new_id)
    entry = models.ForeignKey(Entry, on_delete=models.DO_NOTHING, related_name="openings")
    kind = models.CharField(max_length=16, choices=OpeningKind)
    salt = models.BinaryField()
    value = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "kind"], name="an_entry_hides_a_detail_once")]


class Pending(models.Model):
    """The twin of an entry that has no place in the tree yet."""

    entry = models.OneToOneField(Entry, on_delete=models.DO_NOTHING, primary_key=True, related_name="pending")
    platform_id = models.UUIDField(db_index=True)


class Leaf(models.Model):
    """The place of an entry in its platform's tree, counted from 0."""

    entry = models.OneToOneField(Entry, on_delete=models.DO_NOTHING, primary_key=True, related_name="place")
    platform_id = models.UUIDField()
    index = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform_id", "index"], name="a_place_in_the_tree_is_taken_once"),
        ]


class Node(models.Model):
    """A perfect subtree that is whole, and so never changes: see `trees`."""

    platform_id = models.UUIDField()
    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform_id", "level", "index"], name="a_node_is_stored_once"),
        ]


class Head(models.Model):
    """Where a platform's tree ends: its size and the hashes of its peaks, from left to right.

    Integration locks this row, so that one goes on at a time. It repeats what `Node` says, and saves a proof the
    reading of peaks.
    """

    platform_id = models.UUIDField(primary_key=True)
    size = models.PositiveBigIntegerField(default=0)
    peaks = models.BinaryField(default=b"")
