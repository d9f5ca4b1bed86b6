"""`letterlock sweep`: destroy a platform's shares that no message names, once a person has looked."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from letterlock.domain.platforms import queries, restoring
from letterlock.foundation.vault import sweeping


class Command(BaseCommand):
    help = (
        "Destroy the keys of a platform that belong to no message its database knows. The worker does so by itself for "
        "the few that crashes leave; after an old database was restored there are more, and it asks for a person."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("host", metavar="HOST", help="the platform's host name")

    def handle(self, *_: Any, **given: Any) -> None:
        platform = queries.platform_of_host(given["host"])
        if platform is None:
            raise CommandError(f"No platform here answers to “{given['host']}”. Nothing was destroyed.")
        restored_at = restoring.restored_at(platform.id)
        sweep = sweeping.sweep_nameless_shares(
            platform.id, at=timezone.now(), restored_at=restored_at, was_looked_at=True
        )
        if sweep.is_stopped:
            raise CommandError(
                f"A store was restored {restored_at:%Y-%m-%d %H:%M} UTC. Within 7 days of that nothing is swept: "
                "another restore may still bring back the messages these keys belong to. Nothing was destroyed."
            )
        self.stdout.write(f"Shares destroyed: {sweep.swept}.")
