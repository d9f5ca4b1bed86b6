"""Tells Django where this room's tables are."""

from django.apps import AppConfig


class KeystoreConfig(AppConfig):
    name = "letterlock.foundation.vault.keystore"
    label = "keystore"
    default_auto_field = "django.db.models.BigAutoField"
