"""Jobs: work that a committed fact requires."""

from django.db import models
from django.db.models import Q

from letterlock.foundation.kernel.identifiers import new_id


class Job(models.Model):
    """One piece of work for one handler. It is deleted when done; a dead one stays for the operator."""

    id = models.UUIDField(primary_key=True, default=new_id)
    platform_id = models.UUIDField(null=True)
    topic = models.CharField(max_length=80)
    handler = models.CharField(max_length=120)
    ids = models.JSONField(default=dict)
    order_key = models.CharField(max_length=80, default="", blank=True)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    last_error = models.CharField(max_length=300, default="", blank=True)
    dead_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(dead_at=None), name="job_by_due_time"),
            models.Index(fields=["order_key", "id"], condition=~Q(order_key=""), name="job_by_order_key"),
        ]
