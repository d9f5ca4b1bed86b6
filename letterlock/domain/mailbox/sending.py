"""Sending: verdicts, pending accounts, the new key and its shares, then one transaction with everything else.

A crash before the last commit leaves a draft, pending accounts nobody was told of, and shares nobody names; nothing
leaves before it.
"""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts import inviting
from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import (
    answering,
    changing,
    checking,
    composing,
    corresponding,
    drafting,
    finishing,
    preparing,
    tidying,
)
from letterlock.domain.mailbox.checking import RecipientState, RecipientVerdict
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Draft, DraftKind, Message, Part, Participation, Role
from letterlock.domain.mailbox.preparing import Letter, Recipient
from letterlock.domain.policies import limits
from letterlock.domain.policies.addresses import Address
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import identifiers, logs, transactions
from letterlock.foundation.kernel.refusals import Kind, NotFound, Refusal
from letterlock.foundation.outbox import posting
from letterlock.foundation.vault import wrapping

log = logs.get("mailbox")
lines = ((Role.TO, "to"), (Role.CC, "cc"), (Role.BCC, "bcc"))


class NewUsersDetected(Refusal):
    """Not an error but a question: shall these people be invited? `addresses` are as they are shown."""

    kind = Kind.CONFLICT
    code = "mailbox.new_users_detected"
    sentence = _("These people have no account yet: {named}. Nothing was sent; the draft is safe. Invite them?")

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__(named=", ".join(addresses))
        self.addresses = tuple(addresses)


class NoRecipients(Refusal):
    kind = Kind.INVALID
    code = "mailbox.no_recipients"
    sentence = _("Nobody is in To, Cc or Bcc. Nothing was sent; the draft is safe. Please add somebody.")


class InvalidRecipients(Refusal):
    kind = Kind.INVALID
    code = "mailbox.invalid_recipients"
    sentence = _("{why} Nothing was sent; the draft is safe.")


class Overtaken(Refusal):
    """The draft was sent, saved or discarded meanwhile; `send_draft` answers with which of these it was."""

    kind = Kind.CONFLICT
    code = "mailbox.overtaken"
    sentence = drafting.StaleDraft.sentence


def send_draft(
    draft: Draft,
    *,
    idempotency_key: UUID,
    invite: bool,
    by: Account,
    at: datetime,
    client: str = "",
    version: int | None = None,
    finished: bool = False,
) -> Message:
    """Send the letter. With the same key again it answers the first message, also once the draft is gone.

    A tab that gives the `version` it shows cannot send anything else. With `finished` a letter without subject or text
    is refused (Unfinished), so that somebody can be asked. Refuses NotFound, StaleDraft, GuestsOnlyReply,
    ParentGone, NoRecipients, TooManyRecipients, InvalidRecipients, GuestsCannotInvite, ReplyFrozen,
    NewUsersDetected (unless `invite`), InvitationLimit, TooManyPicturesSent.
    """
    if (first := sent_with(idempotency_key, by=by)) is not None:
        return first
    try:
        return _send(
            _sendable(draft, version=version, by=by),
            idempotency_key=idempotency_key,
            invite=invite,
            finished=finished,
            at=at,
            client=client,
        )
    except (Overtaken, NotFound):
        # By another press of the same button: its message is the answer to this one too. Or by a save.
        if (first := sent_with(idempotency_key, by=by)) is not None:
            return first
        raise _stale(draft, by=by) from None


def sent_with(idempotency_key: UUID, *, by: Account) -> Message | None:
    """The message this person has sent with this key, if any."""
    return Message.objects.filter(sender=by, idempotency_key=idempotency_key).first()


def _sendable(draft: Draft, *, version: int | None, by: Account) -> Draft:
    current = drafting.current_draft(draft, by=by)
    if version is not None and version != current.version:
        raise _stale(draft, by=by)
    if current.kind == DraftKind.NEW:
        drafting.demand_may_start(by)
    return current


def _stale(draft: Draft, *, by: Account) -> drafting.StaleDraft:
    """What another tab holds. Refuses NotFound when the draft is gone."""
    current = drafting.current_draft(draft, by=by)
    return drafting.StaleDraft(current, drafting.open_draft(current, by=by))


def _send(draft: Draft, *, idempotency_key: UUID, invite: bool, finished: bool, at: datetime, client: str) -> Message:
    parent = answering.parent_of(draft)
    if parent is not None:
        answering.demand_answerable(parent, by=draft.author, at=at)
    recipients = _recipients(draft, parent=parent, invite=invite, finished=finished, at=at)
    letter = preparing.prepare(draft, recipients=recipients, idempotency_key=idempotency_key, parent=parent, at=at)
    try:
        with transactions.writing():
            _keep(letter, draft=draft, client=client)
    except Refusal:
        # Only for a clear "no": after any other failure nobody knows whether the commit arrived.
        preparing.destroy_nameless(letter, at=at)
        raise
    log.info("Message sent", message_id=letter.message.id, platform_id=draft.platform_id)
    composing.close(draft.id, platform_id=draft.platform_id, at=at)
    return letter.message


def _recipients(draft: Draft, *, parent: Message | None, invite: bool, finished: bool, at: datetime) -> list[Recipient]:
    """Everybody in the draft's lines, each once, by the most open line; pending accounts are made for the new."""
    circle = checking.circle_of(draft.author, parent=parent)
    typed = [(role, position, one) for role, line in lines for position, one in enumerate(getattr(draft, line))]
    verdicts = checking.verdicts_on([one for _role, _position, one in typed], by=draft.author, circle=circle)
    _demand_writable(verdicts, circle=circle)
    if finished:
        finishing.demand_finished(draft, by=draft.author)
    _ask_about_new(verdicts, invite=invite)
    places: dict[str, tuple[Role, int]] = {}
    for (role, position, _typed), verdict in zip(typed, verdicts, strict=True):
        places.setdefault(verdict.normal, (role, position))
    if len(places) > limits.recipients_per_message:
        raise tidying.TooManyRecipients(most=limits.recipients_per_message)
    addresses = {verdict.normal: Address(normal=verdict.normal, shown=verdict.shown) for verdict in verdicts}
    newcomers = [addresses[verdict.normal] for verdict in _in_state(verdicts, RecipientState.NEW)]
    inviting.demand_room(newcomers, by=draft.author, at=at)
    accounts = inviting.ensure_accounts(list(addresses.values()), platform=draft.author.platform, at=at)
    return [
        Recipient(account=accounts[normal], role=role, position=position) for normal, (role, position) in places.items()
    ]


def _demand_writable(verdicts: Sequence[RecipientVerdict], *, circle: checking.Circle) -> None:
    """Refuse first: what can never be sent comes before what only needs a "yes"."""
    if not verdicts:
        raise NoRecipients
    if circle.allowed is not None and _in_state(verdicts, RecipientState.REFUSED):
        raise circle.refusal
    wrong = _in_state(verdicts, RecipientState.INVALID) + _in_state(verdicts, RecipientState.REFUSED)
    if wrong:
        raise InvalidRecipients(why=" ".join(dict.fromkeys(verdict.sentence for verdict in wrong)))


def _ask_about_new(verdicts: Iterable[RecipientVerdict], *, invite: bool) -> None:
    new = _in_state(verdicts, RecipientState.NEW)
    if new and not invite:
        raise NewUsersDetected(list({verdict.normal: verdict.shown for verdict in new}.values()))


def _in_state(verdicts: Iterable[RecipientVerdict], state: RecipientState) -> list[RecipientVerdict]:
    return [verdict for verdict in verdicts if verdict.state == state]


def _keep(letter: Letter, *, draft: Draft, client: str) -> None:
    """The one transaction: all of it or nothing."""
    message = letter.message
    _demand_unchanged(draft)
    answered = _lock_parent(message)
    message.code = free_code(message.platform_id)
    message.save(force_insert=True)
    Part.objects.bulk_create(letter.parts)
    wrapping.keep_wraps(letter.wraps)
    Participation.objects.bulk_create(letter.places)
    corresponding.note_sending(letter.people, by=message.sender, at=message.sent_at)
    if message.sender.may_write_to_anybody:
        # A Guest's answer to all goes to somebody still invited too, but renews nothing.
        _invite(letter)
    composing.remove(draft, at=message.sent_at)
    _record(letter, answered=answered, client=client)
    _stir(letter, answered=answered)


def _invite(letter: Letter) -> None:
    # In the order in which the accounts were made: two senders never wait for each other in a circle.
    for account in sorted(letter.people, key=lambda each: each.address):
        if account.is_pending:
            invite_newcomer(account, by=letter.message.sender, at=letter.message.sent_at)


@transactions.required
def invite_newcomer(account: Account, *, by: Account, at: datetime) -> None:
    """Open this person's invitation; nothing is left to do for one who has registered a moment ago."""
    with contextlib.suppress(inviting.AlreadyRegistered):
        inviting.invite(account, by=by, at=at)


def _demand_unchanged(draft: Draft) -> None:
    if Draft.objects.select_for_update().filter(id=draft.id, version=draft.version).first() is None:
        raise Overtaken


def _lock_parent(message: Message) -> Participation | None:
    """The sender's place in the message that is answered, under the lock that a recall takes too."""
    if message.parent_id is None:
        return None
    parent = Message.objects.select_for_update().get(id=message.parent_id)
    return answering.demand_answerable(parent, by=message.sender, at=message.sent_at)


def free_code(platform_id: UUID, *, draw: Callable[[], str] = identifiers.new_message_code) -> str:
    """A code that no message of the platform has. Two senders who draw the same one at once: the constraint decides."""
    code = draw()
    while Message.objects.filter(platform_id=platform_id, code=code).exists():
        code = draw()
    return code


def _record(letter: Letter, *, answered: Participation | None, client: str) -> None:
    message = letter.message
    recording.record(
        MailboxEvent.MESSAGE_SENT,
        platform_id=message.platform_id,
        at=message.sent_at,
        subject_id=message.id,
        object_id=letter.places[0].id,
        digests={"body": bytes(message.body_digest), "people": preparing.digest_of_people(letter.places)},
        actor=str(message.sender_id),
        client=client,
    )
    if answered is not None:
        _record_reply(answered, at=message.sent_at, client=client)
    posting.post(
        MailboxEvent.MESSAGE_SENT,
        platform_id=message.platform_id,
        at=message.sent_at,
        order_key=str(message.id),
        message_id=str(message.id),
    )


def _record_reply(answered: Participation, *, at: datetime, client: str) -> None:
    Participation.objects.filter(id=answered.id, replied_at=None).update(replied_at=at)
    recording.record(
        MailboxEvent.MESSAGE_REPLIED,
        platform_id=answered.platform_id,
        at=at,
        subject_id=answered.message_id,
        object_id=answered.id,
        actor=str(answered.account_id),
        client=client,
    )


def _stir(letter: Letter, *, answered: Participation | None) -> None:
    message, ids = letter.message, [person.id for person in letter.people]
    changes: dict[UUID, list[str]] = {one: ["folders", "list:inbox"] for one in ids}
    changes[message.sender_id] = [*composing.list_fragments, "list:sent"]
    if answered is not None:
        # Who has the answered message too sees this one below it.
        below = Participation.objects.filter(message_id=answered.message_id, account_id__in=ids)
        for one in below.values_list("account_id", flat=True):
            changes[one].append(f"message:{answered.message_id}")
        for one, names in changing.around(answered).items():
            changes[one] = [*changes.get(one, ()), *names]
    changing.stir_each(changes)
