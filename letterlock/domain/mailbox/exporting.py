"""The Delivery Slip as one file that proves itself without us. The format is docs/formats/exported-slip.md.

Making it records nothing and changes nothing: it says what the ledger has.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import heading, preparing, recounting, seeing
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Message, Participation, Role
from letterlock.domain.platforms import ledgers
from letterlock.foundation.audit import checkpointing, encoding, integrating, proofs, trees
from letterlock.foundation.audit import reading as ledger
from letterlock.foundation.audit.models import OpeningKind
from letterlock.foundation.audit.proofs import Evidence
from letterlock.foundation.audit.trees import Tree
from letterlock.foundation.kernel.identifiers import spell_message_code
from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.vault.settings import vault_settings

format_name = "letterlock-slip/1"
#: A network address is shown to nobody but the auditors of a platform.
shown_kinds = (OpeningKind.ACTOR, OpeningKind.ADDRESS, OpeningKind.CLIENT)


class LedgerNotReady(Refusal):
    """No entry has a place yet: the worker has not run since the platform was founded."""

    kind = Kind.BUSY
    code = "mailbox.ledger_not_ready"
    sentence = _("The ledger is being brought up to date. Nothing is lost; please try again in a few seconds.")


@dataclass(frozen=True, kw_only=True)
class ExportedSlip:
    """A file to hand out, and what to call it."""

    name: str
    content: str


@dataclass(frozen=True, kw_only=True)
class _Material:
    """What the file is made of."""

    message: Message
    viewer: Participation
    people: Sequence[Participation]
    evidence: Sequence[Evidence]
    tree: Tree
    at: datetime


def export_slip(message: Message, *, viewer: Account, at: datetime) -> ExportedSlip:
    """The sender's slip with its proofs. Refuses NotFound to everybody else, and LedgerNotReady.

    SECURITY: it names everybody the message went to, so only the sender is handed it.
    See test_only_the_sender_is_handed_the_file.
    """
    place = seeing.senders_place(message, viewer=viewer)
    material = _gather(message, place=place, at=at)
    content = {
        "format": format_name,
        "key": checkpointing.key_of(message.platform_id, origin=_origin(message)).spell(),
        "checkpoint": checkpointing.checkpoint(material.tree, platform_id=message.platform_id, origin=_origin(message)),
        "statement": checkpointing.sign(
            f"{format_name}\n{json.dumps(_statement(material))}\n",
            platform_id=message.platform_id,
            origin=_origin(message),
        ),
        "entries": [_spell(one) for one in material.evidence],
    }
    name = f"delivery-slip-{spell_message_code(message.code)}.json"
    return ExportedSlip(name=name, content=json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def _gather(message: Message, *, place: Participation, at: datetime) -> _Material:
    tree = integrating.tree_of(message.platform_id)
    if tree.size == 0:
        raise LedgerNotReady
    people = seeing.people_of(message, viewer=place)
    return _Material(
        message=message,
        viewer=place,
        people=people,
        evidence=proofs.evidence_of(
            _entries_for(message, people=people, place=place),
            tree=tree,
            platform_id=message.platform_id,
            kinds=shown_kinds,
        ),
        tree=tree,
        at=at,
    )


def _entries_for(message: Message, *, people: Sequence[Participation], place: Participation) -> list[UUID]:
    """The facts that the history shows the sender, and no other."""
    tracked = seeing.sees_tracking(message, viewer=place)
    ids = {one.id for one in people if one.role != Role.FROM} if tracked else set()
    facts = ledger.facts_about(message.platform_id, message.id, events=covered_events())
    return [fact.entry_id for fact in facts if fact.event in recounting.message_facts or fact.object_id in ids]


def covered_events() -> list[str]:
    """The kinds of facts the file is complete for."""
    return sorted(str(event) for event in [*recounting.message_facts, *recounting.personal_facts])


def _statement(material: _Material) -> dict[str, Any]:
    """What the platform says over its signature, beyond what the ledger proves."""
    message, facts = material.message, [encoding.decode(one.leaf) for one in material.evidence]
    return {
        "made_at": _instant(material.at),
        "made_for": material.viewer.account.shown_address,
        "platform": {
            "id": str(message.platform_id),
            "name": message.platform.name,
            "host": message.platform.host,
        },
        "message": {
            "id": str(message.id),
            "code": spell_message_code(message.code),
            "sent_at": _instant(message.sent_at),
            "expires_at": _instant(message.expires_at),
        },
        "ledger_size": material.tree.size,
        "tracking": message.tracking,
        "events": covered_events(),
        "people": _people(material.people, facts),
        "entries": [trees.leaf_hash(one.leaf).hex() for one in material.evidence],
        "receipt": _receipt(material, facts),
    }


def _people(people: Sequence[Participation], facts: Sequence[encoding.Leaf]) -> list[dict[str, Any]]:
    first = _sent_to(people, facts)
    return [
        {
            "id": str(one.id),
            "account": str(one.account_id),
            "role": one.role,
            "name": one.account.shown_name,
            "address": one.account.shown_address,
            "since_sending": one.id in first,
            "removed_at": _instant(one.removed_at),
        }
        for one in people
    ]


def _sent_to(people: Sequence[Participation], facts: Sequence[encoding.Leaf]) -> set[UUID]:
    """Those whom the sending was recorded with: corrected addresses came later, and so have later ids."""
    sent = next((fact for fact in facts if fact.event == MailboxEvent.MESSAGE_SENT), None)
    in_time = sorted(people, key=lambda one: one.id)
    for count in range(len(in_time), 0, -1):
        first = in_time[:count]
        digest = preparing.digest_of_people(first)
        if sent is not None and sent.digests.get("people") == digest:
            return {one.id for one in first}
    return set()


def _receipt(material: _Material, facts: Sequence[encoding.Leaf]) -> dict[str, Any] | None:
    """Once the message was taken back: for each person, when it was opened first, or that it never was."""
    notice = heading.notice_of(material.message, viewer=material.viewer, at=material.at)
    if notice is None:
        return None
    destroyed = material.message.keys_destroyed_at
    gone = destroyed + vault_settings().snapshots_kept if destroyed else None
    return {
        "why": notice.kind.value,
        "at": _instant(notice.at),
        "keys_destroyed_at": _instant(destroyed),
        "snapshots_gone_at": _instant(gone),
        "people": [
            _opened(one, facts) for one in material.people if one.role != Role.FROM and material.message.tracking
        ],
    }


def _opened(one: Participation, facts: Sequence[encoding.Leaf]) -> dict[str, Any]:
    times = [fact.at for fact in facts if fact.event == MailboxEvent.MESSAGE_RETRIEVED and fact.object_id == one.id]
    return {"id": str(one.id), "opened_at": _instant(min(times, default=None)), "times": len(times)}


def _spell(one: Evidence) -> dict[str, Any]:
    return {
        "index": one.index,
        "leaf": _base64(one.leaf),
        "openings": [{"kind": it.kind, "salt": _base64(it.salt), "value": it.value} for it in one.openings],
        "proof": [_base64(piece) for piece in one.proof],
    }


def _origin(message: Message) -> str:
    return ledgers.origin_of(message.platform)


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
