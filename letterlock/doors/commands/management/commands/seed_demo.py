"""`letterlock seed_demo`: fills the demo's empty stores. Refuses everywhere else."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from letterlock.domain.platforms.models import Platform
from letterlock.doors.commands.catching.keeping import Box
from letterlock.doors.commands.catching.serving import catching
from letterlock.doors.commands.demo import cast
from letterlock.doors.commands.demo.seeding import Month


class Command(BaseCommand):
    help = "Two platforms and a month of letters, for the demo alone."

    def handle(self, *_: Any, **__: Any) -> None:
        if settings.SETTINGS_MODULE != "letterlock.config.settings.demo":
            raise CommandError("Letters are invented for the demo only. Nothing was changed.")
        if Platform.objects.exists():
            raise CommandError("The demo is filled already. To start over: bin/demo --reset")
        _hurry()
        box = Box(Path(settings.STATIC_ROOT).parent / "mails")
        with catching(box, smtp_port=settings.EMAIL_PORT, web_port=0):
            for story in cast.platforms:
                Month(story, today=timezone.now(), password=cast.password).live()


def _hurry() -> None:
    # A power cut while the demo is filled costs nothing: the half-filled folder is thrown away.
    for connection in connections.all():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=OFF")
