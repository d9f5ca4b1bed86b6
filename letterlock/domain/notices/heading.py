"""The headers of our mails: built from parsed parts, never pasted.

Mails that were sent cannot be repaired, so what a mail add-in will need is there from the first one: a Message-ID
with the message's code, the same facts in X-Letterlock-Notice (relays replace Message-IDs), and X-Letterlock-Message
on mails that stand for one message.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, Message
from email.policy import SMTP, EmailPolicy, Policy
from hashlib import sha256
from uuid import UUID

from letterlock.domain.accounts.models import Account
from letterlock.domain.notices.models import MailKind
from letterlock.domain.platforms.models import Platform
from letterlock.domain.policies import names
from letterlock.foundation.vault import deriving

no_message = "-"
longest_notice = 200


class ForgedHeaderError(Exception):
    """A defect: what was written has other headers than were set. Such a mail must not leave."""


@dataclass(frozen=True, kw_only=True)
class Naming:
    """What a mail's ids are derived from: the same parts, the same mail. `about_id` is a participation's id where
    the mail tells of one."""

    kind: MailKind
    about_id: UUID
    generation: int = 1
    code: str = no_message


def message_id_of(naming: Naming, *, platform: Platform, host: str) -> str:
    """`<ll1.CODE.KIND.GENERATION.TAG@host>`."""
    return f"<ll1.{naming.code}.{naming.kind}.{naming.generation}.{_tag(naming, platform)}@{host}>"


def notice_of(naming: Naming, *, platform: Platform, host: str) -> str:
    """The value of X-Letterlock-Notice: at most 200 octets, for which a very long host name is left out."""
    tail = f"c={naming.code}; r={naming.about_id.hex}; g={naming.generation}; t={_tag(naming, platform)}"
    whole = f"v=1; k={naming.kind}; p={host}; {tail}"
    return whole if len(whole) <= longest_notice else f"v=1; k={naming.kind}; {tail}"


def boundary_of(message_id: str) -> str:
    """Between the parts of a mail. From the Message-ID, not from the row's id: ids count up, see `new_opaque_id`."""
    return f"letterlock-{sha256(message_id.encode()).hexdigest()[:32]}"


def person_via(sender: Account, *, platform: Platform) -> str:
    """`Nora Lindqvist via Acme Legal`; the address where the name could pass for a link or an address."""
    return f"{person_name(sender)} via {platform.name}"


def person_name(person: Account) -> str:
    """What a mail may call somebody."""
    return names.mail_name(person.name, address=person.shown_address)


def mailbox_of(account: Account) -> Address:
    """Where mail for this person goes: the local part as it was first written, the domain in A-labels.

    No name is put beside it: a mail that is relayed says no more about people than it must.
    """
    local = account.shown_address.rpartition("@")[0]
    domain = account.address.rpartition("@")[2]
    if local.startswith('"'):
        local = _unquoted(local)
    return Address(username=local, domain=domain)


def policy_for(recipient: Address) -> "EmailPolicy[EmailMessage]":
    """How the mail is spelled: raw UTF-8 in headers only where the address itself cannot do without (RFC 6531)."""
    registry = HeaderRegistry()
    for name in ("message-id", "in-reply-to", "references", "x-letterlock-notice", "x-letterlock-message"):
        registry.map_to_type(name, _OneLine)
    return SMTP.clone(header_factory=registry, utf8=not recipient.addr_spec.isascii())


def literal(text: str) -> str:
    """`text` for a header, where it must stand as it is.

    SECURITY: Python unpacks an encoded word (`=?utf-8?q?=0D=0ABcc:…?=`) in whatever is set as a header, and writes
    what comes out, line ends included. See test_no_name_writes_a_header.
    """
    return text.replace("=?", "= ?")


def demand_own_headers(content: bytes, *, names: Sequence[str]) -> None:
    """Refuse a mail whose headers are not exactly these, in this order. Raises ForgedHeaderError.

    The second wall behind `literal`: Python before 3.11.10 does not look at what it has written (CVE-2024-6923).
    """
    head = content.partition(b"\r\n\r\n")[0].decode("utf-8", errors="replace")
    written = [line.partition(":")[0] for line in re.split(r"\r\n|\r|\n", head) if line[:1] not in {" ", "\t"}]
    if written != list(names):
        raise ForgedHeaderError("A mail was about to be sent with headers that nobody set.")


class _OneLine(UnstructuredHeader, BaseHeader):
    """ASCII of our own making that must never be folded: Python would turn a long id into encoded words."""

    def fold(self, *, policy: "Policy[Message]") -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _tag(naming: Naming, platform: Platform) -> str:
    return deriving.derive_tag("mail", naming.about_id, naming.kind, naming.generation, platform_id=platform.id)


def _unquoted(local: str) -> str:
    characters = iter(local[1:-1])
    return "".join(next(characters, "") if character == "\\" else character for character in characters)
