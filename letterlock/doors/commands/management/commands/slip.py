"""`letterlock slip verify FILE`: check an exported Delivery Slip, offline."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from letterlock.domain.mailbox import attesting


class Command(BaseCommand):
    help = "Check an exported Delivery Slip without any database: what it proves, what it says, what nobody can show."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="verify")
        verify = verbs.add_parser("verify", help="check one file")
        verify.add_argument("file", type=Path, metavar="FILE", help="the file that was downloaded from the slip")
        verify.add_argument("--key", default="", help="the platform's key, as `letterlock ledger key HOST` prints it")

    def handle(self, *_: Any, **given: Any) -> None:
        try:
            attested = attesting.attest(_read(given["file"]), expected_key=given["key"])
        except attesting.SlipError as broken:
            raise CommandError(_harmless(f"{broken} Nothing in it is proved.")) from None
        for title, sentences in (
            ("Proved", attested.proved),
            ("Said by the platform, over its signature", attested.said),
            ("Not shown", attested.unproved),
        ):
            self.stdout.write(f"{title}\n" + "".join(f"  {_harmless(sentence)}\n" for sentence in sentences))


def _harmless(sentence: str) -> str:
    # SECURITY: names come from the file. Nothing in them may steer the terminal, or begin a line that says "Proved".
    # See test_a_name_in_a_slip_cannot_write_lines_of_its_own.
    return "".join(sign if sign.isprintable() else "�" for sign in sentence)


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > attesting.longest_file:
            raise CommandError(f"{file} is too large to be a slip.")
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{file} cannot be read.") from None
