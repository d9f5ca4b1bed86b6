"""Setting right what was sent: another address, another invitation, or the whole letter once more."""

from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts import inviting
from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import (
    changing,
    checking,
    cleaning,
    composing,
    corresponding,
    drafting,
    parts,
    recalling,
    seeing,
    sending,
    shredding,
    subjects,
)
from letterlock.domain.mailbox.checking import RecipientState
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Draft, DraftKind, Folder, Message, Participation, Recall, Role
from letterlock.domain.policies.addresses import Address
from letterlock.foundation.audit import recording
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.kernel import logs, transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.refusals import Kind, NotFound, Refusal
from letterlock.foundation.outbox import posting
from letterlock.foundation.vault import wrapping
from letterlock.foundation.vault.keys import ContentKey
from letterlock.foundation.vault.keystore.models import Reason
from letterlock.foundation.vault.models import Basis, Holder
from letterlock.foundation.vault.wrapping import PreparedWraps, ShareGone

log = logs.get("mailbox")


class CannotBeCorrected(Refusal):
    """Recalled, expired, or its sender has no key of it any more."""

    kind = Kind.GONE
    code = "mailbox.cannot_be_corrected"
    sentence = _(
        "This message was recalled, has expired or was deleted, so it cannot be given to anybody. Nothing was changed."
    )


class AlreadyTakesPart(Refusal):
    kind = Kind.CONFLICT
    code = "mailbox.already_takes_part"
    sentence = _("{address} is in this message, or once was. Nothing was changed; you can write a new message.")


def start_correction(message: Message, *, by: Account, at: datetime) -> Draft:
    """A draft with the text, pictures, people and options of a message one has sent, to be called before its recall.

    Refuses NotFound to everybody but the sender, CannotBeCorrected.
    """
    own = seeing.senders_place(message, viewer=by)
    key = _key_for(own, at=at)
    thing = shredding.thing_of(message.id)
    html = cleaning.clean(parts.open_html(thing, key=key))
    pictures = composing.pictures_of(thing, named=cleaning.pictures_in(html), key=key)
    draft = _draft_like(message, by=by)
    return composing.create(draft, subject=subjects.subject_of(message), html=html, pictures=pictures, at=at)


def recall_and_correct(
    message: Message, *, reason: str, destroy_own_copy: bool, by: Account, at: datetime, client: str = ""
) -> Draft:
    """Take the message back, and answer a draft of it to be set right. The text is copied while its key is there.

    Refuses what `start_correction` and `recall_message` refuse; then nothing is recalled and no draft is left.
    """
    draft = start_correction(message, by=by, at=at)
    try:
        recalling.recall_message(message, reason=reason, destroy_own_copy=destroy_own_copy, by=by, at=at, client=client)
    except Refusal:
        drafting.discard_draft(draft, by=by, at=at)
        raise
    return draft


def correct_address(
    participation: Participation, *, address: str, by: Account, at: datetime, client: str = ""
) -> Participation:
    """Give the message to the right address, and take it from the wrong one; answers the new place.

    Both stay on the slip. Refuses NotFound to everybody but the sender, CannotBeCorrected, InvalidRecipients,
    GuestsCannotInvite, AlreadyTakesPart, InvitationLimit.
    """
    wrong = _demand_place(participation, by=by)
    right = _account_at(address, message=wrong.message, by=by, at=at)
    key = _key_for(seeing.senders_place(wrong.message, viewer=by), at=at)
    thing = shredding.thing_of(wrong.message_id)
    wraps = wrapping.prepare_wraps(
        key, of=thing, to=[Holder(right.id)], basis=Basis.RECEIVED, platform_id=wrong.platform_id, at=at
    )
    with transactions.writing():
        place, entry = _put_right(wrong, account=right, wraps=wraps, by=by, at=at, client=client)
    log.info("Address corrected", message_id=wrong.message_id, platform_id=wrong.platform_id)
    shredding.at_once(lambda: destroy_removed(wrong.id, entry_id=entry.id, at=at))
    return place


def destroy_removed(participation_id: UUID, *, entry_id: UUID | None, at: datetime) -> None:
    """Destroy the share of somebody whose address was a mistake. Doing it again changes nothing."""
    place = Participation.objects.select_related("message").get(id=participation_id)
    if place.removed_at is not None:
        shredding.shred_one(place.message, holder_id=place.account_id, reason=Reason.REMOVED, entry_id=entry_id, at=at)


def resend_invitation(participation: Participation, *, by: Account, at: datetime) -> None:
    """Send the invitation again, with a new link that revokes the old one.

    Refuses NotFound to everybody but the sender, AlreadyRegistered, MayNotInvite, InvitationLimit, TooManyTries.
    """
    place = _demand_place(participation, by=by)
    invitation = inviting.invitation_of(place.account)
    if not place.account.is_pending or invitation is None:
        raise inviting.AlreadyRegistered
    inviting.send_again(invitation, by=by, at=at, about_id=place.id)


def _demand_place(participation: Participation, *, by: Account) -> Participation:
    """Somebody's place in a message that `by` has sent, as it is now."""
    found = Participation.objects.select_related("message", "message__root", "message__parent", "account")
    place = found.filter(id=participation.id, message__sender=by, removed_at=None).exclude(role=Role.FROM).first()
    if place is None:
        raise NotFound
    return place


def _key_for(own: Participation, *, at: datetime) -> ContentKey:
    """The message's key through the sender's share: whoever cannot open it any more can give it to nobody."""
    _demand_alive(own.message, at=at)
    try:
        share = wrapping.fetch_share(
            shredding.thing_of(own.message_id), holder=Holder(own.account_id), platform_id=own.platform_id
        )
    except ShareGone:
        raise CannotBeCorrected from None
    return wrapping.unwrap(share)


def _demand_alive(message: Message, *, at: datetime) -> None:
    if message.is_expired(at=at) or Recall.objects.filter(message_id=message.id).exists():
        raise CannotBeCorrected


def _draft_like(message: Message, *, by: Account) -> Draft:
    places = message.participations.filter(removed_at=None, granted_by=None).select_related("account")
    people: dict[str, list[str]] = {Role.TO: [], Role.CC: [], Role.BCC: []}
    for place in places.order_by("position", "id"):
        line = place.also or place.role
        if line in people:
            people[line].append(place.account.shown_address)
    draft = Draft(
        platform_id=message.platform_id,
        author=by,
        version=Draft.written_version,
        kind=DraftKind.REPLY if message.parent_id else DraftKind.NEW,
        parent_id=message.parent_id,
        corrects=message,
        to=people[Role.TO],
        cc=people[Role.CC],
        bcc=people[Role.BCC],
    )
    drafting.inherit_options(draft, message)
    return draft


def _account_at(typed: str, *, message: Message, by: Account, at: datetime) -> Account:
    """The account of the right address, a pending one where there was none."""
    circle = checking.circle_of(by, parent=message.parent)
    verdict = checking.verdicts_on([typed], by=by, circle=circle)[0]
    if verdict.state == RecipientState.REFUSED and circle.allowed is not None:
        raise circle.refusal
    if verdict.state in {RecipientState.REFUSED, RecipientState.INVALID}:
        raise sending.InvalidRecipients(why=verdict.sentence)
    _demand_newcomer(verdict.normal, message=message, shown=verdict.shown)
    address = Address(normal=verdict.normal, shown=verdict.shown)
    if verdict.state == RecipientState.NEW:
        inviting.demand_room([address], by=by, at=at)
    return inviting.ensure_accounts([address], platform=by.platform, at=at)[address.normal]


def _demand_newcomer(normal: str, *, message: Message, shown: str) -> None:
    if message.participations.filter(account__address=normal).exists():
        raise AlreadyTakesPart(address=shown)


def _put_right(
    wrong: Participation, *, account: Account, wraps: PreparedWraps, by: Account, at: datetime, client: str
) -> tuple[Participation, Entry]:
    message = Message.objects.select_for_update().get(id=wrong.message_id)
    _demand_alive(message, at=at)
    current = _demand_place(wrong, by=by)
    _demand_newcomer(account.address, message=message, shown=account.address)
    right = _place_instead(current, account=account, at=at)
    wrapping.keep_wraps(wraps)
    _remove(current, at=at)
    corresponding.note_sending([account], by=by, at=at)
    corresponding.forget_mistake(current.account, by=by)
    if account.is_pending:
        sending.invite_newcomer(account, by=by, at=at)
    entry = _record(current, right=right, by=by, at=at, client=client)
    _stir(message, right=right, wrong=current)
    return right, entry


def _place_instead(wrong: Participation, *, account: Account, at: datetime) -> Participation:
    return Participation.objects.create(
        id=new_id(),
        platform_id=wrong.platform_id,
        message_id=wrong.message_id,
        account=account,
        role=wrong.role,
        position=wrong.position,
        folder=Folder.INBOX,
        is_unread=True,
        sorted_at=at,
    )


def _remove(wrong: Participation, *, at: datetime) -> None:
    """One in, one out: only what the wrong one has retrieved is no longer counted."""
    Participation.objects.filter(id=wrong.id).update(removed_at=at, is_unread=False)
    if wrong.retrieved_at is not None:
        is_open = int(wrong.role in seeing.open_roles)
        Message.objects.filter(id=wrong.message_id).update(
            all_retrieved=F("all_retrieved") - 1, open_retrieved=F("open_retrieved") - is_open
        )


def _record(wrong: Participation, *, right: Participation, by: Account, at: datetime, client: str) -> Entry:
    entry = recording.record(
        MailboxEvent.ADDRESS_CORRECTED,
        platform_id=wrong.platform_id,
        at=at,
        subject_id=wrong.message_id,
        object_id=wrong.id,
        actor=str(by.id),
        address=wrong.account.address,
        client=client,
    )
    posting.post(
        MailboxEvent.ADDRESS_CORRECTED,
        platform_id=wrong.platform_id,
        at=at,
        order_key=str(wrong.message_id),
        old=str(wrong.id),
        new=str(right.id),
        entry_id=str(entry.id),
    )
    return entry


def _stir(message: Message, *, right: Participation, wrong: Participation) -> None:
    names = ["folders", f"list:{wrong.folder}", f"message:{message.id}"]
    changes = changing.around(right, own=["folders", "list:inbox"])
    changing.stir_each(changes | {wrong.account_id: names})
