"""Tells Django where this room's tables are."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "letterlock.foundation.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
