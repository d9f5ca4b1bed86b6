"""`letterlock ledger`: check a platform's ledger from nothing, or print the key that it is signed with."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from letterlock.domain.platforms import ledgers, queries
from letterlock.domain.platforms.models import Platform
from letterlock.foundation.audit import checkpointing
from letterlock.foundation.audit.verifying import Verdict

most_shown = 10
told_each = 10_000


class Command(BaseCommand):
    help = "Recompute a platform's ledger from nothing and name the first wrong entry; or print its public key."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="verify|key")
        verify = verbs.add_parser(
            "verify", help="check every entry, the tree and the checkpoints; reads, writes nothing"
        )
        verify.add_argument("hosts", nargs="*", metavar="HOST", help="platforms to check; all of them without any")
        verify.add_argument(
            "--checkpoint",
            action="append",
            default=[],
            type=Path,
            metavar="FILE",
            help="a checkpoint that was kept elsewhere (for one platform; may be given again)",
        )
        verify.add_argument(
            "--copies", type=Path, metavar="FOLDER", help="a folder with copies of the checkpoints, of all platforms"
        )
        key = verbs.add_parser("key", help="print the public key that slips and checkpoints are signed with")
        key.add_argument("hosts", nargs=1, metavar="HOST", help="the platform's host name")

    def handle(self, *_: Any, **given: Any) -> None:
        platforms = [_platform(host) for host in given["hosts"]] or list(Platform.objects.order_by("name"))
        if given["verb"] == "key":
            self._show_key(platforms[0])
            return
        if given["checkpoint"] and len(platforms) != 1:
            raise CommandError("Name the one platform that the checkpoint is of.")
        others = {str(file): _read(file) for file in given["checkpoint"]}
        copies = {platform: _copies(platform, within=given["copies"]) for platform in platforms}
        unsound = [platform for platform in platforms if not self._verify(platform, others | copies[platform])]
        if unsound:
            raise CommandError(f"{len(unsound)} of {len(platforms)} ledgers are not what they were.")

    def _show_key(self, platform: Platform) -> None:
        keys = ledgers.keys_of(platform)
        if not keys:
            raise CommandError("This platform has no ledger key yet: the worker makes it with the next entry.")
        self.stdout.write(keys[0].spell())

    def _verify(self, platform: Platform, others: dict[str, str]) -> bool:
        verdict = ledgers.verify(platform, others=others, tell=self._tell)
        mark = "✗" if verdict.wrongs else "✓"
        self.stdout.write(
            f"{mark} {platform.host}: {verdict.size} entries recomputed, {verdict.waiting} wait for a place."
        )
        for wrong in verdict.wrongs[:most_shown]:
            self.stdout.write(f"    {wrong.explain()}")
        if len(verdict.wrongs) > most_shown:
            self.stdout.write(f"    … and {len(verdict.wrongs) - most_shown} more.")
        if not verdict.wrongs:
            self.stdout.write(f"    {_what_it_shows(verdict)}")
        return not verdict.wrongs

    def _tell(self, done: int, of: int) -> None:
        """How far it is, for whoever waits: on the error output, so that the findings stand alone."""
        if done % told_each == 0 and of > told_each:
            self.stderr.write(f"    {done:,} of {of:,} entries")


def _what_it_shows(verdict: Verdict) -> str:
    erased = f" {verdict.erased} details were erased; that breaks nothing." if verdict.erased else ""
    if verdict.vouched is None:
        return (
            "The database agrees with itself. There is no checkpoint from outside, so this does not show that nobody "
            f"rewrote all of it, tree included.{erased}"
        )
    return (
        f"The first {verdict.vouched} entries are those a signed checkpoint vouches for. That shows nothing about "
        f"facts that were never recorded, nor about somebody who held the database, the keys and every copy of the "
        f"checkpoints; keep copies elsewhere.{erased}"
    )


def _platform(host: str) -> Platform:
    platform = queries.platform_of_host(host)
    if platform is None:
        raise CommandError(f"No platform here answers to “{host}”.")
    return platform


def _copies(platform: Platform, *, within: Path | None) -> dict[str, str]:
    if within is None:
        return {}
    copies = {str(file): note for file, note in checkpointing.kept(platform.id, within=within).items()}
    if not copies:
        # A folder that is mistyped, or emptied by somebody who would like that, must not pass for one that agrees.
        raise CommandError(f"There is no copy of a checkpoint of {platform.host} in {within}.")
    return copies


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{file} cannot be read.") from None
