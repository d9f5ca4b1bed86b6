"""Tells Django where this room's tables are."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "letterlock.foundation.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"
