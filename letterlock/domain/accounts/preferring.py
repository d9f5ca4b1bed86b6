"""What people set for themselves: name, time zone, how messages open, their password."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts import admitting, metering, passwords
from letterlock.domain.accounts.events import AccountEvent
from letterlock.domain.accounts.models import Account, Retrieval, Session
from letterlock.domain.policies import limits, names, zones
from letterlock.foundation.audit import recording
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.outbox import posting


class RenamedTooOften(Refusal):
    """Two names a day, so that nobody writes to one person after another under a new name each."""

    kind = Kind.LIMITED
    code = "accounts.renamed_too_often"
    sentence = _(
        "You have changed your name twice in the last 24 hours. Nothing was changed; please try again tomorrow."
    )


class WrongPassword(Refusal):
    """The password in use, asked for before it is replaced, was another one."""

    kind = Kind.INVALID
    code = "accounts.wrong_password"
    sentence = _("This is not your present password. It was not changed; please type it again.")


@transactions.opened
def change_preferences(
    account: Account,
    *,
    name: str,
    time_zone: str,
    retrieval: Retrieval,
    wants_first_access_mail: bool,
    at: datetime,
) -> Account:
    """Keep the person's choices. The same name again is no change of name.

    Refuses: InvalidName, InvalidTimeZone, RenamedTooOften.
    """
    current: Account = Account.objects.locked().get(id=account.id)
    _rename(current, names.read_name(name), at=at)
    current.time_zone = zones.read_zone(time_zone)
    current.retrieval = Retrieval(retrieval)
    current.wants_first_access_mail = wants_first_access_mail
    current.save()
    return current


def change_password(session: Session, *, old: str, new: str, at: datetime) -> None:
    """Replace the password and end the account's other sessions.

    Refuses: WrongPassword, WeakPassword, TooManyTries.
    """
    account = session.account
    meters = [metering.meter(limits.passwords_tried_in_a_session, account.id, platform_id=account.platform_id)]
    _spend(meters, at=at)
    if not passwords.is_right(old, account=account):
        raise WrongPassword
    password_hash = passwords.hash_new(new)
    _replace(session, password_hash, meters=meters, at=at)


def _rename(account: Account, name: str, *, at: datetime) -> None:
    if name == account.name:
        return
    # The last two changes are kept: together they say whether this would be the third within a day.
    if account.renamed_before_at is not None and at - account.renamed_before_at < timedelta(days=1):
        raise RenamedTooOften
    account.renamed_before_at, account.renamed_at = account.renamed_at, at
    account.name = name
    _note(AccountEvent.ACCOUNT_RENAMED, account, at=at)


@transactions.opened
def _spend(meters: list[metering.Meter], *, at: datetime) -> None:
    metering.spend(meters, at=at)


@transactions.opened
def _replace(session: Session, password_hash: str, *, meters: list[metering.Meter], at: datetime) -> None:
    account = session.account
    if not Account.objects.filter(id=account.id, password=account.password).update(password=password_hash):
        raise WrongPassword
    account.password = password_hash
    metering.give_back(meters, at=at)
    admitting.end_all(account, at=at, but=session)
    entry = _note(AccountEvent.PASSWORD_CHANGED, account, at=at)
    posting.post(
        AccountEvent.PASSWORD_CHANGED,
        platform_id=account.platform_id,
        at=at,
        account_id=str(account.id),
        entry_id=str(entry.id),
    )


def _note(event: AccountEvent, account: Account, *, at: datetime) -> Entry:
    return recording.record(event, platform_id=account.platform_id, subject_id=account.id, actor=str(account.id), at=at)
