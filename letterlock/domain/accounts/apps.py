"""Tells Django where this room's tables are."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "letterlock.domain.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
