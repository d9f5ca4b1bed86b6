"""Tells Django where this room's tables are."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "letterlock.foundation.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
