"""Tells Django where this room's tables are, and the outbox its chores."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "letterlock.domain.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("letterlock.domain.accounts.jobs")
