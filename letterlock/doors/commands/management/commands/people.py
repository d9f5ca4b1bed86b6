"""`letterlock people add`: add a person to a platform and print their one-time link."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from letterlock.domain.accounts import inviting, people
from letterlock.domain.accounts.models import Invitation, Status
from letterlock.domain.platforms import queries
from letterlock.domain.policies import addresses
from letterlock.foundation.kernel.refusals import Refusal


class Command(BaseCommand):
    help = "Add a person to a platform, or make a new link for one who has not set a password yet."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="add")
        add = verbs.add_parser("add", help="add a person and print the link that sets their password")
        add.add_argument("--platform", required=True, help="the platform's host name")
        add.add_argument("--address", required=True, help="the person's e-mail address")
        add.add_argument("--name", required=True, help="the person's name")
        add.add_argument("--status", choices=Status.values, default=Status.PROFESSIONAL.value, help="what they may do")

    def handle(self, *_: Any, **given: Any) -> None:
        try:
            invitation = _add(given)
        except Refusal as refusal:
            raise CommandError(refusal.explain()) from refusal
        self.stderr.write(f"{invitation.account.name} sets a password here, once and within 24 hours:")
        self.stdout.write(inviting.link_of(invitation))


def _add(given: dict[str, Any]) -> Invitation:
    platform = queries.platform_of_host(given["platform"])
    if platform is None:
        raise CommandError(f"No platform here answers to “{given['platform']}”. Nothing was changed.")
    return people.add_person(
        platform,
        address=addresses.read_address(given["address"]),
        name=given["name"],
        status=Status(given["status"]),
        at=timezone.now(),
    )
