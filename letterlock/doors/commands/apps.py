"""Tells Django where this door's templates and commands are."""

from django.apps import AppConfig


class CommandsConfig(AppConfig):
    name = "letterlock.doors.commands"
    label = "commands"
