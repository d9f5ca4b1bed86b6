"""One organisation's Secure Messaging, and the names it answers to."""

import re

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from letterlock.foundation.kernel.identifiers import new_id

colour = RegexValidator(re.compile(r"\A#[0-9a-f]{6}\Z"), "A colour is written like #1f5f4f.")


class Platform(models.Model):
    """A tenant. Every row of a platform carries its id; nothing is looked up without it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=64)
    accent = models.CharField(max_length=7, default="#1f5f4f", validators=[colour])
    support_address = models.EmailField(max_length=254)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @cached_property
    def host(self) -> str:
        """The host name in use, without a port."""
        return self.hosts.get(is_current=True).name


class HostName(models.Model):
    """A name a platform answers to now, or once did: old mails keep pointing at it."""

    name = models.CharField(max_length=253, primary_key=True)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="hosts")
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["platform"], condition=Q(is_current=True), name="a_platform_has_one_current_host"
            ),
        ]
