"""Tells Django where this room's tables are."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "letterlock.domain.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
