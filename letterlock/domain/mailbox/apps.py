"""Tells Django where this room's tables are."""

from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "letterlock.domain.mailbox"
    label = "mailbox"
    default_auto_field = "django.db.models.BigAutoField"
