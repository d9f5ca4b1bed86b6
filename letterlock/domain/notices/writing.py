"""Writing a mail from its row: everything in it is derived, so that a retry writes the same mail again.

SECURITY: nothing here opens a body, a subject or a file's name. See test_no_mail_says_anything_of_the_message.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from letterlock.domain.accounts import inviting, proving
from letterlock.domain.accounts.events import AccountEvent
from letterlock.domain.accounts.models import Account, Challenge, ChallengePurpose, Invitation
from letterlock.domain.mailbox.models import Message
from letterlock.domain.notices import digesting, heading, owing, settings, signing
from letterlock.domain.notices.models import Mail, MailKind, MailState
from letterlock.domain.platforms import addressing
from letterlock.domain.policies import limits
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.kernel.identifiers import spell_message_code

Context = dict[str, Any]

noon_hour = 12


@dataclass(frozen=True, kw_only=True)
class Written:
    """A mail ready for the relay: its envelope, its bytes, and the parts they were made of."""

    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    content: bytes


def write(mail: Mail) -> Written:
    """The whole mail, byte for byte the same each time."""
    kind = MailKind(mail.kind)
    context = _shared(mail) | _contexts[kind](mail)
    folder = f"notices/{_folders[kind]}"
    subject = heading.literal(" ".join(render_to_string(f"{folder}/subject.txt", context).split()))
    text = render_to_string(f"{folder}/body.txt", context).strip() + "\n"
    html = render_to_string(f"{folder}/body.html", context)
    return _assemble(mail, subject=subject, text=text, html=html, sender=context["from_name"])


def challenge_of(mail: Mail) -> Challenge:
    """The challenge whose digits a code mail carries."""
    if mail.about_id is None:
        raise ValueError("A code mail is about a challenge.")
    return Challenge.objects.get(id=mail.about_id)


def _assemble(mail: Mail, *, subject: str, text: str, html: str, sender: str) -> Written:
    host = mail.platform.host
    recipient = heading.mailbox_of(mail.account)
    do_not_reply = Address(
        display_name=heading.literal(sender), username=settings.read().sender_local_part, domain=host
    )
    headers = _headers(mail, host=host)
    message = EmailMessage(policy=heading.policy_for(recipient))
    message["From"] = do_not_reply
    message["To"] = recipient
    message["Subject"] = subject
    for name, value in headers.items():
        message[name] = value
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    # Python's own boundary is random; a retry must write the same bytes.
    message.set_boundary(heading.boundary_of(mail.message_id_header))
    content = message.as_bytes()
    heading.demand_own_headers(content, names=message.keys())
    return Written(
        sender=do_not_reply.addr_spec,
        recipient=recipient.addr_spec,
        subject=subject,
        text=text,
        html=html,
        headers=headers,
        content=signing.sign(content, domain=host),
    )


def _headers(mail: Mail, *, host: str) -> dict[str, str]:
    naming = owing.naming_of(mail)
    headers = {
        "Date": format_datetime(mail.created_at.astimezone(UTC)),
        "Message-ID": mail.message_id_header,
        "X-Letterlock-Notice": heading.notice_of(naming, platform=mail.platform, host=host),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if naming.code != heading.no_message:
        headers["X-Letterlock-Message"] = naming.code
    if mail.kind == MailKind.RECALL and (first := _first_notice(mail)):
        headers |= {"In-Reply-To": first, "References": first}
    return headers


def _first_notice(mail: Mail) -> str:
    notices = Mail.objects.filter(
        participation=mail.participation, kind__in=[MailKind.INVITATION, MailKind.MESSAGE], state=MailState.ACCEPTED
    )
    return notices.order_by("created_at", "id").values_list("message_id_header", flat=True).first() or ""


def _shared(mail: Mail) -> Context:
    platform = mail.platform
    return {
        "organisation": platform.name,
        "initial": platform.name[:1].upper(),
        "host": platform.host,
        "accent": platform.accent,
        "support": platform.support_address,
        "recipient": mail.account.shown_address,
        "from_name": platform.name,
        "code": None,
    }


def _about_message(mail: Mail) -> Context:
    message = _message(mail)
    return {
        "from_name": heading.person_via(message.sender, platform=mail.platform),
        "sender": heading.person_name(message.sender),
        "sender_address": message.sender.shown_address,
        "code": spell_message_code(message.code),
        "sent": _spell(message.sent_at, mail.account),
        "expires": _spell(message.expires_at, mail.account) if message.expires_at else "",
        "url": addressing.url_of(mail.platform, f"/messages/{message.id}/"),
    }


def _invitation(mail: Mail) -> Context:
    invitation = inviting.invitation_of(mail.account)
    if invitation is None:
        raise ValueError("An invitation mail needs an invitation.")
    return _about_message(mail) | {
        "url": _link_about(mail, invitation),
        "lapses": _spell(invitation.expires_at, mail.account),
    }


def _recall(mail: Mail) -> Context:
    recalled = _spell(_message(mail).recall.recalled_at, mail.account)
    context = _about_message(mail) | {"recalled": recalled, "expires": ""}
    invitation = inviting.invitation_of(mail.account)
    if mail.account.is_pending and invitation is not None:
        # Who never registered cannot sign in: the invitation stays good, and leads to the notice.
        context["url"] = _link_about(mail, invitation)
    return context


def _link_about(mail: Mail, invitation: Invitation) -> str:
    """The invitation, and which message this mail spoke of: several may wait for the same person by then."""
    return f"{inviting.link_of(invitation)}?message={spell_message_code(_message(mail).code)}"


def _first_access(mail: Mail) -> Context:
    reader = mail.participation
    if reader is None or reader.retrieved_at is None:
        raise ValueError("Nobody has retrieved anything.")
    return _about_message(mail) | {
        "from_name": mail.platform.name,
        "reader": heading.person_name(reader.account),
        "reader_address": reader.account.shown_address,
        "retrieved": _spell(reader.retrieved_at, mail.account),
    }


def _digest(mail: Mail) -> Context:
    lines = [
        {
            "code": spell_message_code(line.message.code),
            "sent": _spell(line.message.sent_at, mail.account),
            "people": [heading.person_name(reader) for reader in line.shown],
            "more": line.more,
            "count": line.count,
        }
        for line in digesting.lines_of(mail)
    ]
    return {"lines": lines, "url": addressing.url_of(mail.platform, "/folders/sent/")}


def _code(mail: Mail) -> Context:
    challenge = challenge_of(mail)
    digits = proving.code_of(challenge)
    purposes = {
        ChallengePurpose.REGISTER: _("to register with this address"),
        ChallengePurpose.RESET: _("to choose a new password"),
    }
    half = len(digits) // 2
    return {
        "digits": f"{digits[:half]} {digits[half:]}",
        "purpose": purposes[ChallengePurpose(challenge.purpose)],
        "minutes": limits.code_lifetime // timedelta(minutes=1),
    }


def _account(mail: Mail) -> Context:
    if mail.about_id is None:
        raise ValueError("A mail about an account is about a fact.")
    fact = Entry.objects.get(id=mail.about_id)
    when = _spell(fact.at, mail.account)
    sentences = {
        AccountEvent.PASSWORD_CHANGED: _("The password of your account was changed on %(when)s."),
        AccountEvent.PASSWORD_RESET: _("The password of your account was set anew on %(when)s, with a mailed code."),
    }
    happened = sentences[AccountEvent(fact.event)] % {"when": when}
    return {"happened": happened, "url": addressing.url_of(mail.platform, "/password/reset/")}


_contexts: dict[MailKind, Callable[[Mail], Context]] = {
    MailKind.INVITATION: _invitation,
    MailKind.MESSAGE: _about_message,
    MailKind.RECALL: _recall,
    MailKind.FIRST_ACCESS: _first_access,
    MailKind.DIGEST: _digest,
    MailKind.CODE: _code,
    MailKind.ACCOUNT: _account,
}
_folders = {
    MailKind.INVITATION: "invitation",
    MailKind.MESSAGE: "message",
    MailKind.RECALL: "recall",
    MailKind.FIRST_ACCESS: "first_access",
    MailKind.DIGEST: "digest",
    MailKind.CODE: "code",
    MailKind.ACCOUNT: "account",
}


def _message(mail: Mail) -> Message:
    if mail.participation is None:
        raise ValueError("This mail is about no message.")
    return mail.participation.message


def _spell(at: datetime, reader: Account) -> str:
    """An instant in the reader's zone, which is named: a mail has no script that could ask the browser."""
    try:
        zone = ZoneInfo(reader.time_zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    local = at.astimezone(zone)
    half = "am" if local.hour < noon_hour else "pm"
    return f"{local.day} {local:%b %Y}, {local.hour % noon_hour or noon_hour}:{local:%M} {half} {local.tzname()}"
