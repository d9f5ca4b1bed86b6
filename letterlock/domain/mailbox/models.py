"""Drafts, messages, who takes part in them, and what was taken back."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.platforms.models import Platform
from letterlock.foundation.kernel.identifiers import new_id


class Role(models.TextChoices):
    """How a person takes part in a message."""

    FROM = "from"
    TO = "to"
    CC = "cc"
    BCC = "bcc"


class Folder(models.TextChoices):
    """Where a person keeps a message; one's own, seen by nobody else."""

    INBOX = "inbox", _("Inbox")
    SENT = "sent", _("Sent")
    ARCHIVE = "archive", _("Archive")
    TRASH = "trash", _("Trash")


class DraftKind(models.TextChoices):
    """What pressing "Send Secure" will make."""

    NEW = "new"
    REPLY = "reply"
    REPLY_ALL = "reply all"


class Options(models.Model):
    """What the Delivery Slip sets for a conversation: once, on its first message."""

    tracking = models.BooleanField(default=True)
    share_tracking = models.BooleanField(default=True)
    reply_freeze = models.BooleanField(default=False)
    forward_freeze = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    lifetime = models.DurationField(null=True)

    class Meta:
        abstract = True


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, account: Account) -> Self:
        return self.filter(author=account, platform_id=account.platform_id)

    def blank(self) -> Self:
        """Those nobody has written in."""
        return self.filter(version=Draft.blank_version)

    def written(self) -> Self:
        """Those somebody has written in; only they are in the folder "Drafts"."""
        return self.exclude(version=Draft.blank_version)


class Draft(Options):
    """A letter in the making: sealed under a key of its own, with one share, its author's.

    Each save raises the version. What begins with words in it, a copy or a correction, begins as if saved once.
    """

    blank_version = 1
    written_version = 2

    id = models.UUIDField(primary_key=True, default=new_id)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=16, choices=DraftKind, default=DraftKind.NEW)
    parent = models.ForeignKey("Message", on_delete=models.SET_NULL, null=True, related_name="+")
    corrects = models.ForeignKey("Message", on_delete=models.SET_NULL, null=True, related_name="+")
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    sealed_subject = models.BinaryField(default=b"")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["author", "-saved_at", "-id"], name="draft_by_author")]

    @property
    def is_blank(self) -> bool:
        """Whether nobody has written in it so far."""
        return self.version == self.blank_version


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, account: Account) -> Self:
        """Messages this account takes part in, purged and removed ones left out."""
        return self.filter(
            platform_id=account.platform_id,
            participations__account=account,
            participations__purged_at=None,
            participations__removed_at=None,
        )


class Message(Options):
    """A sent message: its envelope and counters. The words are in `Part` rows, sealed under its own key."""

    id = models.UUIDField(primary_key=True, default=new_id)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=8)
    sender = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="replies")
    root = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    idempotency_key = models.UUIDField()
    sealed_subject = models.BinaryField()
    platform_key_generation = models.PositiveIntegerField()
    body_digest = models.BinaryField(max_length=32)
    size_bytes = models.PositiveIntegerField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    keys_destroyed_at = models.DateTimeField(null=True)
    open_people = models.PositiveIntegerField(default=0)
    all_people = models.PositiveIntegerField(default=0)
    open_retrieved = models.PositiveIntegerField(default=0)
    all_retrieved = models.PositiveIntegerField(default=0)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "code"], name="a_message_code_is_used_once_a_platform"),
            models.UniqueConstraint(fields=["sender", "idempotency_key"], name="pressing_send_twice_sends_once"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("sent_at")),
                name="a_message_expires_after_it_is_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["root", "sent_at"], name="message_by_conversation"),
            models.Index(
                fields=["expires_at"], condition=Q(expired_at=None, expires_at__isnull=False), name="message_by_expiry"
            ),
        ]

    @property
    def is_recalled(self) -> bool:
        return hasattr(self, "recall")

    def is_expired(self, *, at: datetime) -> bool:
        """Time decides; the expiry job only destroys."""
        return self.expires_at is not None and self.expires_at <= at


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, account: Account) -> Self:
        """One's own places, purged and removed ones left out."""
        return self.filter(account=account, platform_id=account.platform_id, purged_at=None, removed_at=None)


class Participation(models.Model):
    """One person's part in one message: the folder is theirs, the first times are the slip's.

    A sender who writes to themselves too has one row all the same: its role is `from`, its folder Sent, and `also`
    says where among the recipients they named themselves.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="participations")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=8, choices=Role)
    also = models.CharField(max_length=8, choices=Role, default="", blank=True)
    position = models.PositiveIntegerField(default=0)
    granted_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="grants")
    folder = models.CharField(max_length=16, choices=Folder)
    is_unread = models.BooleanField(default=False)
    sorted_at = models.DateTimeField()
    trashed_from = models.CharField(max_length=16, choices=Folder, default="", blank=True)
    trashed_at = models.DateTimeField(null=True)
    invited_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    not_delivered_at = models.DateTimeField(null=True)
    not_delivered_because = models.CharField(max_length=300, default="", blank=True)
    reviewed_at = models.DateTimeField(null=True)
    retrieved_at = models.DateTimeField(null=True)
    retrievals = models.PositiveIntegerField(default=0)
    replied_at = models.DateTimeField(null=True)
    printed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "account"], name="a_person_takes_part_in_a_message_once"),
        ]
        indexes = [
            models.Index(
                fields=["account", "folder", "-sorted_at", "-id"],
                condition=Q(purged_at=None, removed_at=None),
                name="participation_by_folder",
            ),
            models.Index(fields=["account", "folder"], condition=Q(is_unread=True), name="participation_unread"),
        ]


class OwnerKind(models.TextChoices):
    """Whose content a part is."""

    DRAFT = "draft"
    MESSAGE = "message"


class PartKind(models.TextChoices):
    """What a part holds, sealed."""

    BODY = "body"
    PICTURE = "picture"


class Part(models.Model):
    """One sealed stream of a draft or message: the body, or a picture in it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    owner_kind = models.CharField(max_length=16, choices=OwnerKind)
    owner_id = models.UUIDField()
    kind = models.CharField(max_length=16, choices=PartKind)
    reference = models.UUIDField(default=new_id)
    media_type = models.CharField(max_length=64, default="text/html")
    size_bytes = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_kind", "owner_id", "reference"], name="a_part_is_named_once"),
            models.UniqueConstraint(
                fields=["owner_kind", "owner_id"], condition=Q(kind=PartKind.BODY), name="a_letter_has_one_body"
            ),
        ]


class Recall(models.Model):
    """The taking back of a sent message. Its existence is the state."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="recall")
    recalled_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    recalled_at = models.DateTimeField()
    sealed_reason = models.BinaryField(default=b"")
    destroys_own_copy = models.BooleanField(default=False)
    entry_id = models.UUIDField(null=True)


class ChangeFeed(models.Model):
    """One row a person: a number that grows, and which parts of the page changed at which number."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="change_feed")
    number = models.PositiveBigIntegerField(default=0)
    fragments = models.JSONField(default=dict)


class Correspondent(models.Model):
    """Somebody this account has written to, or was written to by. A Bcc is known to its sender and to nobody else.

    Kept by sending, so that completion and the Guest's rules need no walk through the mailbox.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="correspondents")
    person = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "person"], name="a_correspondent_is_known_once"),
        ]
        indexes = [models.Index(fields=["account", "-last_at"], name="correspondent_by_time")]
