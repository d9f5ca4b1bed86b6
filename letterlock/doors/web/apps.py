"""Tells Django where this door's templates and commands are."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "letterlock.doors.web"
    label = "web"
