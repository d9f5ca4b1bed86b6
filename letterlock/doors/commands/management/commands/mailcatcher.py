"""`letterlock mailcatcher`: takes the demo's mails and shows them in the browser. Never for real people's mails."""

import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from letterlock.domain.platforms.models import HostName
from letterlock.doors.commands.catching.keeping import Box
from letterlock.doors.commands.catching.serving import catching, loopback

demo_ending = ".localhost"


class Command(BaseCommand):
    help = "Catch the demo's mails and show them in the browser. Refuses to run where a platform has a real host name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--smtp-port", type=int, default=2525)
        parser.add_argument("--web-port", type=int, default=8025, help="where the pages are")
        parser.add_argument("--folder", type=Path, default=None, help="keep the mails here as well")

    def handle(self, *_words: Any, **options: Any) -> None:
        _refuse_real_hosts()
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        try:
            with catching(Box(options["folder"]), smtp_port=options["smtp_port"], web_port=options["web_port"]) as port:
                self.stdout.write(f"Mails are shown on http://{loopback}:{port}/")
                stopping.wait()
        except OSError as error:
            raise CommandError(
                f"The mail catcher cannot start: {error.strerror or error}. Is it running already? Otherwise choose "
                "other ports with --smtp-port and --web-port."
            ) from error


def _refuse_real_hosts() -> None:
    real = [name for name in HostName.objects.values_list("name", flat=True) if not name.endswith(demo_ending)]
    if real:
        raise CommandError(
            f"The mail catcher is for the demo only, and {real[0]} is a real host name: its people's mails would be "
            "caught here and never arrive. Set LETTERLOCK_RELAY to your mail server instead."
        )
