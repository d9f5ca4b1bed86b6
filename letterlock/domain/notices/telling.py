"""Whom to tell of which fact, by mail. Every verb may be called again and then changes nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from letterlock.domain.accounts.models import Account, Challenge, Invitation, InvitationPurpose
from letterlock.domain.mailbox import seeing
from letterlock.domain.mailbox.models import Message, Participation, Role
from letterlock.domain.notices import noticing, owing
from letterlock.domain.notices.models import Mail, MailKind, MailState
from letterlock.domain.notices.owing import Owed
from letterlock.domain.policies import limits
from letterlock.foundation.kernel import transactions

#: Mails that tell somebody of a message; recall, reminders and the slip refer to them.
first_notices = (MailKind.INVITATION, MailKind.MESSAGE)
#: Notices of the last minute of an hour are written down before the digest is made.
digest_delay = timedelta(minutes=1)


@transactions.opened
def tell_recipients(message: Message, *, at: datetime) -> None:
    """A notice to everybody the message was written to; who is not registered gets an invitation."""
    places = message.participations.exclude(role=Role.FROM).filter(removed_at=None, purged_at=None)
    owe_notices(message, places.select_related("account", "message"), at=at)


@transactions.opened
def tell_person(place: Participation, *, at: datetime) -> None:
    """A notice to one person who came in later: an address was corrected."""
    owe_notices(place.message, [place], at=at)


@transactions.required
def owe_notices(message: Message, places: Iterable[Participation], *, at: datetime) -> None:
    """Nothing for a message that nobody can read any more."""
    if message.is_recalled or message.is_expired(at=at):
        return
    # SECURITY: those Bcc'd come last, so that nobody else gets a mail the later, the more they are.
    # See test_who_is_bccd_is_told_last.
    places = seeing.in_order(places)
    generations = _generations_of(place.account for place in places if place.account.is_pending)
    owing.owe([_notice(place, generations) for place in places], platform=message.platform, at=at)


@transactions.opened
def invite_again(invitation: Invitation, *, at: datetime, place_id: UUID | None = None) -> None:
    """The new link, in a mail about the message of this place, or else the latest that this person can still read."""
    if invitation.purpose != InvitationPurpose.REGISTER or not invitation.account.is_pending:
        return
    place = _readable(invitation, place_id=place_id, at=at)
    if place is not None:
        owe_notices(place.message, [place], at=at)


@transactions.opened
def tell_of_recall(message: Message, *, at: datetime) -> None:
    """A mail to those who had been told of the message. Whose notice is still on its way: see `carrying`."""
    # The lock makes one of two acts come first: this, or noting that the relay took a notice.
    notices = Mail.objects.select_for_update(of=("self",)).filter(
        participation__message=message, kind__in=first_notices
    )
    told = [mail.participation_id for mail in notices if mail.participation_id and mail.state == MailState.ACCEPTED]
    places = message.participations.filter(id__in=told, removed_at=None, purged_at=None)
    owe_recall_notices(message, places.select_related("account", "message"), at=at)


@transactions.required
def owe_recall_notices(message: Message, places: Iterable[Participation], *, at: datetime) -> None:
    """To these people of the message, who had been told of it."""
    owed = [Owed(kind=MailKind.RECALL, account=place.account, participation=place) for place in places]
    owing.owe(owed, platform=message.platform, at=at)


@transactions.opened
def tell_of_access(reader: Participation, *, at: datetime) -> None:
    """The first access of one person: in the page to all who may know, by mail to the sender who wants it."""
    noticing.notice_access(reader, at=at)
    message = reader.message
    if not message.tracking or not message.sender.wants_first_access_mail or reader.account_id == message.sender_id:
        return
    if message.all_people <= limits.recipients_told_one_by_one:
        owed = Owed(kind=MailKind.FIRST_ACCESS, account=message.sender, participation=reader)
        owing.owe([owed], platform=message.platform, at=at)
    else:
        _owe_digest(message.sender, at=at)


@transactions.opened
def tell_code(challenge: Challenge, *, at: datetime) -> None:
    """The digits, to the address that is to be proven. Nobody's challenge is told to nobody."""
    if challenge.account is None:
        return
    owed = Owed(kind=MailKind.CODE, account=challenge.account, about_id=challenge.id, generation=challenge.generation)
    owing.owe([owed], platform=challenge.platform, at=at)


@transactions.opened
def tell_of_password(account: Account, *, entry_id: UUID, at: datetime) -> None:
    """The owner's password is another one now: if it was not the owner, this mail is how the owner learns of it."""
    owing.owe([Owed(kind=MailKind.ACCOUNT, account=account, about_id=entry_id)], platform=account.platform, at=at)


def hour_of(at: datetime) -> int:
    """The number of the hour since 1970, which is a digest's generation."""
    return int(at.timestamp()) // 3600


def _owe_digest(sender: Account, *, at: datetime) -> None:
    hour = hour_of(at)
    due_at = at.replace(minute=0, second=0, microsecond=0) + limits.digest_every + digest_delay
    owed = Owed(kind=MailKind.DIGEST, account=sender, about_id=sender.id, generation=hour)
    owing.owe([owed], platform=sender.platform, at=at, due_at=due_at)


def _notice(place: Participation, generations: dict[object, int]) -> Owed:
    generation = generations.get(place.account_id)
    kind = MailKind.MESSAGE if generation is None else MailKind.INVITATION
    return Owed(kind=kind, account=place.account, participation=place, generation=generation or 1)


def _generations_of(pending: Iterable[Account]) -> dict[object, int]:
    invitations = Invitation.objects.filter(account__in=list(pending), purpose=InvitationPurpose.REGISTER)
    return dict(invitations.values_list("account_id", "generation"))


def _readable(invitation: Invitation, *, place_id: UUID | None, at: datetime) -> Participation | None:
    places = Participation.objects.visible_to(invitation.account).exclude(role=Role.FROM)
    own = places.filter(message__recall=None).select_related("account", "message").order_by("-message__sent_at", "-id")
    readable = [place for place in own if not place.message.is_expired(at=at)]
    asked_for = [place for place in readable if place.id == place_id]
    by_inviter = [place for place in readable if place.message.sender_id == invitation.invited_by_id]
    return next(iter(asked_for or by_inviter or readable), None)
