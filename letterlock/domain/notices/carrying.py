"""Carrying an owed mail to the relay, and noting how far it came.

A mail is written, handed over and settled in this order, so a worker that dies in between hands the same mail, with
the same Message-ID, over once more. Nothing is said to be delivered that no relay has taken.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from letterlock.domain.accounts import inviting
from letterlock.domain.mailbox import delivering
from letterlock.domain.mailbox.models import Participation
from letterlock.domain.notices import digesting, relaying, telling, writing
from letterlock.domain.notices.models import Mail, MailKind, MailState
from letterlock.domain.notices.relaying import Answer, Verdict
from letterlock.domain.policies import limits
from letterlock.foundation.kernel import logs, transactions
from letterlock.foundation.outbox.handling import TryLater

shortest_pause = timedelta(minutes=1)
longest_pause = timedelta(hours=2)
unsettled = (MailState.QUEUED, MailState.DEFERRED)

log = logs.get("notices")


def carry(mail_id: UUID, *, at: datetime) -> None:
    """Try once. Raises TryLater while the relay asks for it, for two days at most."""
    mail = _load(mail_id)
    if mail is None or mail.state not in unsettled:
        return
    if not _is_needed(mail, at=at):
        _withdraw(mail, at=at)
        return
    answer = relaying.hand_over(writing.write(mail), at=at)
    log.info("Mail handed over", mail_id=mail.id, kind=mail.kind, state=answer.verdict.value)
    if answer.verdict is Verdict.ACCEPTED:
        _note_accepted(mail, at=at)
    elif answer.verdict is Verdict.REFUSED or _is_out_of_time(mail, at=at):
        _note_not_delivered(mail, answer, at=at)
    else:
        _note_deferred(mail, answer, at=at)
        raise TryLater(after=_pause(mail, at=at), because="the relay asked to try later")


def _load(mail_id: UUID) -> Mail | None:
    related = ("platform", "account", "participation__message__sender", "participation__account")
    return Mail.objects.select_related(*related).filter(id=mail_id).first()


def _is_needed(mail: Mail, *, at: datetime) -> bool:
    """Whether what the mail says is still so."""
    place = mail.participation
    if place is None:
        return _is_needed_by_itself(mail, at=at)
    if place.removed_at is not None or place.purged_at is not None:
        return False
    if mail.kind == MailKind.INVITATION:
        return _is_readable(place, at=at) and _is_link_good(mail, at=at)
    return mail.kind != MailKind.MESSAGE or _is_readable(place, at=at)


def _is_needed_by_itself(mail: Mail, *, at: datetime) -> bool:
    """The same of a mail that stands for no message."""
    if mail.kind == MailKind.CODE:
        challenge = writing.challenge_of(mail)
        is_newest = challenge.generation == mail.generation
        return is_newest and challenge.used_at is None and at < challenge.expires_at
    return mail.kind == MailKind.ACCOUNT or bool(digesting.lines_of(mail))


def _is_readable(place: Participation, *, at: datetime) -> bool:
    return not place.message.is_recalled and not place.message.is_expired(at=at)


def _is_link_good(mail: Mail, *, at: datetime) -> bool:
    invitation = inviting.invitation_of(mail.account)
    if invitation is None or invitation.generation != mail.generation:
        return False
    return mail.account.is_pending and invitation.is_open(at=at)


@transactions.opened
def _withdraw(mail: Mail, *, at: datetime) -> None:
    """It will not be sent. Who registered before the invitation left is told of the message in the usual way."""
    _settle(mail, MailState.WITHDRAWN, at=at)
    place = mail.participation
    if mail.kind == MailKind.INVITATION and place is not None and not mail.account.is_pending:
        telling.owe_notices(place.message, [place], at=at)


@transactions.opened
def _note_accepted(mail: Mail, *, at: datetime) -> None:
    if not _settle(mail, MailState.ACCEPTED, at=at):
        return
    place = _place_told_of(mail)
    if place is None:
        return
    if mail.kind == MailKind.INVITATION:
        delivering.note_invited(place, at=at)
    else:
        delivering.note_notified(place, at=at)
    if place.message.is_recalled:
        telling.owe_recall_notices(place.message, [place], at=at)


def _place_told_of(mail: Mail) -> Participation | None:
    """The participation whose slip this mail's fate belongs on; only a first notice has one.

    Read after the mail's row was written, which a recall's notice locks: see `telling.tell_of_recall`.
    """
    if mail.participation is None or mail.kind not in telling.first_notices:
        return None
    return Participation.objects.select_related("account", "message").get(id=mail.participation.id)


@transactions.opened
def _note_not_delivered(mail: Mail, answer: Answer, *, at: datetime) -> None:
    if not _settle(mail, MailState.NOT_DELIVERED, at=at, words=answer.words):
        return
    place = _place_told_of(mail)
    if place is not None:
        delivering.note_not_delivered(place, because=answer.words, at=at)


@transactions.opened
def _note_deferred(mail: Mail, answer: Answer, *, at: datetime) -> None:
    Mail.objects.filter(id=mail.id, state__in=unsettled).update(
        state=MailState.DEFERRED, server_said=answer.words, first_tried_at=_first_try(at)
    )


def _settle(mail: Mail, state: MailState, *, at: datetime, words: str = "") -> bool:
    """Whether it was this call that settled the mail."""
    changed = Mail.objects.filter(id=mail.id, state__in=unsettled).update(
        state=state, server_said=words, first_tried_at=_first_try(at), settled_at=at
    )
    return changed == 1


def _first_try(at: datetime) -> Coalesce:
    return Coalesce(F("first_tried_at"), Value(at, output_field=Mail._meta.get_field("first_tried_at")))


def _is_out_of_time(mail: Mail, *, at: datetime) -> bool:
    return mail.first_tried_at is not None and at >= mail.first_tried_at + limits.mails_retried_for


def _pause(mail: Mail, *, at: datetime) -> timedelta:
    """As long as it has been tried already, within bounds; the last try is at the end of the two days."""
    tried_for = at - (mail.first_tried_at or at)
    return min(max(shortest_pause, tried_for), longest_pause, limits.mails_retried_for - tried_for)
