"""Tells Django where this door's templates and commands are."""

from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "letterlock.doors.frame"
    label = "frame"
