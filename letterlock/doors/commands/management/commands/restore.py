"""`letterlock restore`: put stores back from their copies, so that what was destroyed stays destroyed."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from letterlock.domain.mailbox import restoring as letters
from letterlock.foundation.kernel.refusals import Refusal
from letterlock.foundation.vault import backups, restoring
from letterlock.foundation.vault.destroying import NotYetGone
from letterlock.foundation.vault.restoring import Plan


class Command(BaseCommand):
    help = (
        "Put the newest copies of FOLDER in the place of the stores. Stop the service first. Shares that the "
        "destruction journal names are destroyed again, and recalled messages are recalled again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder that `letterlock backup` was given")
        parser.add_argument("--only", choices=backups.stores, help="replace this store alone")
        parser.add_argument("--name", default="", help="not the newest copy but the one of this name")
        parser.add_argument(
            "--accept-lost-recalls",
            action="store_true",
            help="go on without the destruction journal; every platform's ledger will say so",
        )

    def handle(self, *_: Any, **given: Any) -> None:
        try:
            plan = restoring.plan(
                given["folder"].absolute(),
                stores=[given["only"]] if given["only"] else backups.stores,
                name=given["name"],
                accepts_lost_recalls=given["accept_lost_recalls"],
            )
            self._restore(plan)
        except Refusal as refusal:
            raise CommandError(refusal.explain()) from refusal
        except DatabaseError:
            raise CommandError("A store does not answer. Is its server running? Then run this again.") from None
        except NotYetGone:
            raise CommandError("Something still reads the keystore. End it, then run this again.") from None

    def _restore(self, plan: Plan) -> None:
        restoring.replace(plan, at=timezone.now())
        for alias in ("keystore", "default"):
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        settled = letters.settle(plan, at=timezone.now())
        for backup in plan.backups:
            self.stdout.write(f"The {backup.store} is as it was at {backup.made_at:%Y-%m-%d %H:%M:%S} UTC.")
        self.stdout.write(f"Shares destroyed again: {settled.destroyed}. Messages recalled again: {settled.recalled}.")
        self.stdout.write(f"People's views taken away again: {settled.withdrawn}. Now run: letterlock check")
