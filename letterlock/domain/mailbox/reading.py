"""Opening a message: the one moment that counts as *retrieved*, the lesser one called *reviewed*, and what a client
reports of the text it was handed: *printed*.

The order is security.md's: the share into memory; then the facts, under the lock that a recall takes too; then, after
the commit, the text. A crash in between says once too often that somebody had the text, and never once too rarely.
"""

import base64
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts import metering
from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import changing, cleaning, heading, parts, seeing, shredding, subjects
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Message, Part, Participation, Role
from letterlock.domain.policies import limits
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.outbox import posting
from letterlock.foundation.vault import wrapping
from letterlock.foundation.vault.models import Holder
from letterlock.foundation.vault.wrapping import FetchedShare, ShareGone


class Recalled(Refusal):
    kind = Kind.GONE
    code = "mailbox.recalled"
    sentence = _("This message was recalled by the sender. Its text can no longer be opened; the notice stays.")


class Expired(Refusal):
    kind = Kind.GONE
    code = "mailbox.expired"
    sentence = _("This message has expired. Its text can no longer be opened by anybody; the Delivery Slip stays.")


class KeyMissing(Refusal):
    """Nothing says why: a keystore that was lost, or a database older than a recall."""

    kind = Kind.GONE
    code = "mailbox.key_missing"
    sentence = _(
        "The key of this message is no longer there, so its text cannot be opened. Ask your administrator whether "
        "the service was restored from a backup."
    )


class NotRetrieved(Refusal):
    kind = Kind.CONFLICT
    code = "mailbox.not_retrieved"
    sentence = _("Retrieve the message before you print it. Nothing was recorded so far.")


@dataclass(frozen=True)
class Letter:
    """What was handed out. `html` is cleaned again, with its pictures in it as data: URIs."""

    subject: str
    html: str = field(repr=False)


@transactions.opened
def review(message: Message, *, by: Account, at: datetime, client: str) -> None:
    """Record that this person saw the Delivery Slip. Refuses NotFound, TooManyTries.

    It works on a message taken back too: the notice is all there is to see then, and seeing it reads the message.
    """
    place = _locked_place(message, by=by)
    is_over = heading.notice_of(place.message, viewer=place, at=at) is not None
    place.reviewed_at = place.reviewed_at or at
    place.is_unread = place.is_unread and not is_over
    place.save(update_fields=["reviewed_at", "is_unread"])
    _record(MailboxEvent.MESSAGE_REVIEWED, place, at=at, client=client)
    _stir(place)


def retrieve(message: Message, *, by: Account, at: datetime, client: str) -> Letter:
    """Hand out the letter, and record that it was. Refuses NotFound, Recalled, Expired, KeyMissing, TooManyTries."""
    place = seeing.place_of(message, viewer=by)
    _refuse_what_is_over(place.message, viewer=place, at=at)
    share = _fetch_share(place, at=at)
    with transactions.writing():
        place = _locked_place(message, by=by)
        _refuse_what_is_over(place.message, viewer=place, at=at)
        _note_retrieved(place, at=at, client=client)
    return _open(place, share, at=at)


@transactions.opened
def note_printed(message: Message, *, by: Account, at: datetime, client: str) -> None:
    """Record that this person's client reports a printing of the text. Each one is a fact; the slip shows the first.

    Refuses NotFound, Recalled, Expired, TooManyTries, and NotRetrieved: a text that was never handed out cannot be
    printed.
    """
    place = _locked_place(message, by=by)
    _refuse_what_is_over(place.message, viewer=place, at=at)
    is_own = place.role == Role.FROM
    if place.retrieved_at is None and not is_own:
        raise NotRetrieved
    _record(MailboxEvent.MESSAGE_PRINTED, place, at=at, client=client)
    if not is_own:
        place.printed_at = place.printed_at or at
        place.save(update_fields=["printed_at"])
        _stir(place)


def _fetch_share(place: Participation, *, at: datetime) -> FetchedShare:
    thing = shredding.thing_of(place.message_id)
    try:
        return wrapping.fetch_share(thing, holder=Holder(place.account_id), platform_id=place.platform_id)
    except ShareGone:
        # Shares go after the fact is committed, so the reason can be read by now.
        _refuse_what_is_over(_message_as_it_is(place), viewer=place, at=at)
        raise KeyMissing from None


def _message_as_it_is(place: Participation) -> Message:
    return Message.objects.select_related("recall", "sender", "platform").get(id=place.message_id)


def _locked_place(message: Message, *, by: Account) -> Participation:
    """One's place, read after the lock on the message was granted: what a recall committed before is seen."""
    Message.objects.select_for_update().get(id=message.id)
    place = seeing.place_of(message, viewer=by)
    place.message = _message_as_it_is(place)
    return place


def _refuse_what_is_over(message: Message, *, viewer: Participation, at: datetime) -> None:
    # SECURITY: time decides, not the chore that destroys the shares later.
    # See test_a_message_past_its_expiry_is_refused_before_any_chore_ran.
    if message.is_expired(at=at):
        raise Expired
    recall = heading.recall_of(message)
    if recall is not None and not heading.keeps_own_copy(recall, place=viewer):
        raise Recalled


def _note_retrieved(place: Participation, *, at: datetime, client: str) -> None:
    _record(MailboxEvent.MESSAGE_RETRIEVED, place, at=at, client=client)
    if place.role != Role.FROM:
        _count(place, at=at)
        _stir(place)


def _count(place: Participation, *, at: datetime) -> None:
    is_first = place.retrieved_at is None
    place.retrieved_at = place.retrieved_at or at
    place.retrievals += 1
    place.is_unread = False
    place.save(update_fields=["retrieved_at", "retrievals", "is_unread"])
    if is_first:
        _tell_of_first_access(place, at=at)


def _tell_of_first_access(place: Participation, *, at: datetime) -> None:
    is_open = int(place.role in seeing.open_roles)
    Message.objects.filter(id=place.message_id).update(
        all_retrieved=F("all_retrieved") + 1, open_retrieved=F("open_retrieved") + is_open
    )
    posting.post(MailboxEvent.MESSAGE_RETRIEVED, platform_id=place.platform_id, at=at, participation_id=str(place.id))


def _record(event: MailboxEvent, place: Participation, *, at: datetime, client: str) -> None:
    # SECURITY: each opening is a fact, and the sender's history and exported slip hold all of them: whoever asked a
    # hundred thousand times would bury them. See test_nobody_buries_the_history_under_their_openings.
    metering.spend([metering.meter(limits.facts_of_one_reader, place.id, platform_id=place.platform_id)], at=at)
    recording.record(
        event,
        platform_id=place.platform_id,
        at=at,
        subject_id=place.message_id,
        object_id=place.id,
        digests={"body": bytes(place.message.body_digest)},
        actor=str(place.account_id),
        client=client,
    )


def _stir(place: Participation) -> None:
    changing.stir_each(changing.around(place, own=["folders", f"list:{place.folder}"]))


def _open(place: Participation, share: FetchedShare, *, at: datetime) -> Letter:
    key = wrapping.unwrap(share)
    sealed = list(parts.parts_of(shredding.thing_of(place.message_id)))
    opened = {part.reference: (part, parts.open_part(part, key=key)) for part in sealed}
    if place.message_id not in opened:
        # The last share and the ciphertext went between the commit above and here.
        _refuse_what_is_over(_message_as_it_is(place), viewer=place, at=at)
        raise KeyMissing
    _body, words = opened.pop(place.message_id)
    sources = {name: _data_uri(picture, content) for name, (picture, content) in opened.items()}
    html = cleaning.show_pictures(cleaning.clean(words.decode()), sources=sources)
    return Letter(subject=subjects.subject_of(place.message), html=html)


def _data_uri(part: Part, content: bytes) -> str:
    return f"data:{part.media_type};base64,{base64.b64encode(content).decode()}"
