"""Tells Django where this room's tables are, and the outbox which work it does."""

import importlib

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "letterlock.domain.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        importlib.import_module("letterlock.domain.notices.jobs")
