"""What an hour's digest tells a sender: who retrieved which of the letters that went to many people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox.models import Message
from letterlock.domain.notices import noticing
from letterlock.domain.notices.models import Mail, PageNotice
from letterlock.domain.policies import limits

names_shown = 10


@dataclass(frozen=True, kw_only=True)
class Line:
    """One message, and who retrieved it for the first time within the hour."""

    message: Message
    shown: Sequence[Account]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


def lines_of(mail: Mail) -> list[Line]:
    """The lines of a digest whose generation is the number of its hour; none when there is nothing to tell."""
    begins_at = datetime.fromtimestamp(mail.generation * 3600, tz=UTC)
    notices = (
        PageNotice.objects.filter(
            account_id=mail.account_id,
            kind=noticing.first_access,
            at__gte=begins_at,
            at__lt=begins_at + limits.digest_every,
            about__message__sender=mail.account_id,
            about__message__all_people__gt=limits.recipients_told_one_by_one,
        )
        .select_related("about__message", "about__account")
        .order_by("about__message__sent_at", "about__message_id", "at", "about_id")
    )
    return [_line(list(group)) for _id, group in groupby(notices, key=lambda notice: notice.about.message_id)]


def _line(notices: list[PageNotice]) -> Line:
    readers = [notice.about.account for notice in notices]
    return Line(message=notices[0].about.message, shown=readers[:names_shown], count=len(readers))
