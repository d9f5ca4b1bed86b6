"""Tells Django where this room's tables are, and the outbox its chores."""

from importlib import import_module

from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    name = "letterlock.domain.platforms"
    label = "platforms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("letterlock.domain.platforms.jobs")
