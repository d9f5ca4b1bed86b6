"""Tells Django where this room's tables are."""

from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    name = "letterlock.domain.platforms"
    label = "platforms"
    default_auto_field = "django.db.models.BigAutoField"
