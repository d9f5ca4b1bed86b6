"""`letterlock backup`: copy both stores into a folder, while the service goes on."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from letterlock.foundation.kernel.refusals import Refusal
from letterlock.foundation.vault import backups


class Command(BaseCommand):
    help = (
        "Copy the database and the keystore into FOLDER, each into a folder of its own, and remove copies of the "
        "keystore that are about to be too old. The root key and the destruction journal are never in a backup."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the copies go; made if it is not there")
        parser.add_argument("--only", choices=backups.stores, help="copy this store alone")

    def handle(self, *_: Any, **given: Any) -> None:
        folder: Path = given["folder"].absolute()
        try:
            # The database first: sending stores shares first, so no copied wrap is without its copied share.
            for store in [given["only"]] if given["only"] else backups.stores:
                made = backups.make(store, within=folder, at=timezone.now())
                self.stdout.write(str(made.copy))
            pruned = backups.prune_snapshots(folder, at=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.explain()) from refusal
        if pruned:
            self.stderr.write(f"Old copies of the keystore removed: {pruned}.")
