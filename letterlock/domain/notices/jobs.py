"""What this room does after others' commits."""

from datetime import datetime, timedelta
from uuid import UUID

from letterlock.domain.accounts.events import AccountEvent
from letterlock.domain.accounts.models import Account, Challenge, Invitation
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Message, Participation
from letterlock.domain.notices import carrying, telling
from letterlock.domain.notices.events import NoticesEvent
from letterlock.foundation.outbox import handling

#: Every step of the conversation with a relay may take EMAIL_TIMEOUT, and there are up to nine.
carrying_lease = timedelta(minutes=5)

handling.declare(NoticesEvent)


@handling.handles(MailboxEvent.MESSAGE_SENT)
def tell_recipients(*, message_id: str, at: datetime, **_ignored: object) -> None:
    telling.tell_recipients(Message.objects.get(id=message_id), at=at)


@handling.handles(MailboxEvent.ADDRESS_CORRECTED)
def tell_corrected(*, new: str, at: datetime, **_ignored: object) -> None:
    telling.tell_person(Participation.objects.get(id=new), at=at)


@handling.handles(MailboxEvent.MESSAGE_RETRIEVED)
def tell_of_access(*, participation_id: str, at: datetime, **_ignored: object) -> None:
    telling.tell_of_access(Participation.objects.get(id=participation_id), at=at)


@handling.handles(MailboxEvent.MESSAGE_RECALLED)
def tell_of_recall(*, message_id: str, at: datetime, **_ignored: object) -> None:
    telling.tell_of_recall(Message.objects.get(id=message_id), at=at)


@handling.handles(AccountEvent.ACCOUNT_INVITED)
def invite_again(*, invitation_id: str, at: datetime, about_id: str = "", **_ignored: object) -> None:
    asked_for = UUID(about_id) if about_id else None
    telling.invite_again(Invitation.objects.get(id=invitation_id), place_id=asked_for, at=at)


@handling.handles(AccountEvent.CODE_REQUESTED)
def tell_code(*, challenge_id: str, at: datetime, **_ignored: object) -> None:
    telling.tell_code(Challenge.objects.get(id=challenge_id), at=at)


@handling.handles(AccountEvent.PASSWORD_CHANGED)
def tell_of_changed_password(*, account_id: str, entry_id: str, at: datetime, **_ignored: object) -> None:
    telling.tell_of_password(Account.objects.get(id=account_id), entry_id=UUID(entry_id), at=at)


@handling.handles(AccountEvent.PASSWORD_RESET)
def tell_of_reset_password(*, account_id: str, entry_id: str, at: datetime, **_ignored: object) -> None:
    telling.tell_of_password(Account.objects.get(id=account_id), entry_id=UUID(entry_id), at=at)


@handling.handles(NoticesEvent.MAIL_OWED, lease=carrying_lease)
def carry_mail(*, mail_id: str, at: datetime, **_ignored: object) -> None:
    carrying.carry(UUID(mail_id), at=at)
