"""`letterlock platforms create`: found a platform and print its administrator's one-time link."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from letterlock.domain.accounts import inviting, people
from letterlock.domain.policies import addresses
from letterlock.foundation.kernel.refusals import Refusal


class Command(BaseCommand):
    help = "Found a platform: one organisation's independent Secure Messaging."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="create")
        create = verbs.add_parser("create", help="found a platform and print the one-time link of its administrator")
        create.add_argument("--name", required=True, help="what people read at the top of every page")
        create.add_argument("--host", required=True, help="the host name it answers to, like mail.example.com")
        create.add_argument("--accent", default="#1f5f4f", help="its one colour, like #1f5f4f (the default)")
        create.add_argument("--support", required=True, help="the address people write to when they need help")
        create.add_argument("--admin-address", required=True, help="the administrator's e-mail address")
        create.add_argument("--admin-name", required=True, help="the administrator's name")

    def handle(self, *_: Any, **given: Any) -> None:
        try:
            invitation = people.found_platform(
                name=given["name"],
                host=given["host"],
                accent=given["accent"],
                support_address=given["support"],
                administrator=addresses.read_address(given["admin_address"]),
                administrator_name=given["admin_name"],
                at=timezone.now(),
            )
        except Refusal as refusal:
            raise CommandError(refusal.explain()) from refusal
        self.stderr.write("The administrator sets a password here, once and within 24 hours:")
        self.stdout.write(inviting.link_of(invitation))
