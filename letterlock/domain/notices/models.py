"""Mails that were sent or are owed, and notices in the page."""

from django.db import models

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox.models import Participation
from letterlock.domain.platforms.models import Platform
from letterlock.foundation.kernel.identifiers import new_id


class MailKind(models.TextChoices):
    """Every kind of mail we send; also the KIND in its Message-ID."""

    INVITATION = "invitation"
    MESSAGE = "message"
    RECALL = "recall"
    FIRST_ACCESS = "access"
    DIGEST = "digest"
    CODE = "code"
    ACCOUNT = "account"


class MailState(models.TextChoices):
    """How far a mail has come."""

    QUEUED = "queued"
    ACCEPTED = "accepted", "the relay took it"
    DEFERRED = "deferred", "the relay asked to try later"
    NOT_DELIVERED = "not delivered"
    WITHDRAWN = "withdrawn", "what it said was no longer so when its turn came"


class Mail(models.Model):
    """One mail to one person; derived from ids, so that a retry writes the same mail again."""

    id = models.UUIDField(primary_key=True, default=new_id)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, null=True, related_name="mails")
    kind = models.CharField(max_length=16, choices=MailKind)
    generation = models.PositiveIntegerField(default=1)
    about_id = models.UUIDField(null=True)
    message_id_header = models.CharField(max_length=400)
    state = models.CharField(max_length=16, choices=MailState, default=MailState.QUEUED)
    server_said = models.CharField(max_length=300, default="", blank=True)
    first_tried_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "message_id_header"], name="a_mail_is_written_once"),
        ]


class PageNotice(models.Model):
    """Something a participant is told in the page, once: the first access of somebody."""

    id = models.UUIDField(primary_key=True, default=new_id)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="page_notices")
    about = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "about", "kind"], name="a_participant_is_told_once"),
        ]
        indexes = [models.Index(fields=["account", "-at"], name="page_notice_by_account")]
