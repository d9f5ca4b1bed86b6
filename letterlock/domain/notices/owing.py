"""Owing mails: one row for each, and one job that carries it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox.models import Participation
from letterlock.domain.notices import heading
from letterlock.domain.notices.events import NoticesEvent
from letterlock.domain.notices.heading import Naming
from letterlock.domain.notices.models import Mail, MailKind
from letterlock.domain.platforms.models import Platform
from letterlock.foundation.kernel import transactions
from letterlock.foundation.outbox import posting


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A mail that somebody is to get. It tells of a participation, or of the row `about_id`."""

    kind: MailKind
    account: Account
    participation: Participation | None = None
    about_id: UUID | None = None
    generation: int = 1


@transactions.required
def owe(mails: Sequence[Owed], *, platform: Platform, at: datetime, due_at: datetime | None = None) -> int:
    """Write the rows and their jobs; what is owed already is not owed twice. The number of new ones."""
    host = platform.host
    wanted = {_message_id(one, platform=platform, host=host): one for one in mails}
    known = Mail.objects.filter(platform=platform, message_id_header__in=list(wanted))
    known_ids = set(known.values_list("message_id_header", flat=True))
    fresh = [_row(one, header, platform, at) for header, one in wanted.items() if header not in known_ids]
    ids = [{"mail_id": str(mail.id)} for mail in Mail.objects.bulk_create(fresh)]
    posting.post_each(NoticesEvent.MAIL_OWED, ids, platform_id=platform.id, at=at, due_at=due_at)
    return len(fresh)


def naming_of(mail: Mail | Owed) -> Naming:
    """The parts that a mail's ids are derived from."""
    about_id, code = mail.about_id, heading.no_message
    if mail.participation is not None:
        about_id, code = mail.participation.id, mail.participation.message.code
    if about_id is None:
        raise ValueError("A mail is about something.")
    return Naming(kind=MailKind(mail.kind), about_id=about_id, generation=mail.generation, code=code)


def _message_id(one: Owed, *, platform: Platform, host: str) -> str:
    return heading.message_id_of(naming_of(one), platform=platform, host=host)


def _row(one: Owed, header: str, platform: Platform, at: datetime) -> Mail:
    return Mail(
        platform=platform,
        account=one.account,
        participation=one.participation,
        kind=one.kind,
        generation=one.generation,
        about_id=one.about_id,
        message_id_header=header,
        created_at=at,
    )
