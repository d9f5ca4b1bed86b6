"""Handing one mail to the SMTP relay, and what it answered.

The connection is Django's (EMAIL_HOST and its siblings, EMAIL_BACKEND). With the SMTP back end we talk to the server
ourselves, because its words are wanted: a refusal is shown to the sender of the letter. Any other back end (memory,
console, folder) takes the mail as Django would give it.
"""

import enum
import re
import smtplib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend

from letterlock.domain.notices.writing import Written

longest_words = 300
#: What a mail of ours may hold that proves something, however it is quoted: the token of a link, the digits of a code.
proofs = re.compile(r"[A-Za-z0-9_-]{40,}|(?<!\d)\d{4}[ \xa0-]?\d{4}(?!\d)")
#: The first digit of an answer that will be the same next time (RFC 5321, section 4.2.1).
permanent = 5
#: How long a relay that does not answer at all is left alone, so that 500 mails do not each wait for a time-out
#: while the worker has other work.
rest = timedelta(seconds=30)

_resting_until: dict[tuple[str, int], datetime] = {}


class Verdict(enum.Enum):
    """What a relay's answer means for the mail."""

    ACCEPTED = "accepted"
    TRY_LATER = "try later"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The verdict, and the server's words: one line, at most 300 characters."""

    verdict: Verdict
    words: str = ""


def hand_over(mail: Written, *, at: datetime) -> Answer:
    """Give the mail to the relay. Whatever fails before the relay has judged this mail means "later"."""
    backend = get_connection(fail_silently=False)
    if not isinstance(backend, EmailBackend):
        backend.send_messages([_as_django_has_it(mail)])
        return Answer(verdict=Verdict.ACCEPTED)
    relay = (str(backend.host), int(backend.port))
    if at < _resting_until.get(relay, at):
        return Answer(verdict=Verdict.TRY_LATER, words="The mail server did not answer.")
    try:
        server = _call(backend)
    except smtplib.SMTPResponseException as refusal:
        # A greeting or a log-in that is refused is about us, not about this mail: even 5xx is worth another try.
        return _later(refusal.smtp_code, refusal.smtp_error)
    except (OSError, smtplib.SMTPException):
        _resting_until[relay] = at + rest
        return Answer(verdict=Verdict.TRY_LATER, words="The mail server did not answer.")
    try:
        return _converse(server, mail)
    finally:
        _hang_up(backend)


def _call(backend: EmailBackend) -> smtplib.SMTP:
    """An open conversation: greeted, and logged in where that is configured."""
    backend.open()
    server: smtplib.SMTP | None = backend.connection
    if server is None:
        raise smtplib.SMTPServerDisconnected
    server.ehlo_or_helo_if_needed()
    return server


def _converse(server: smtplib.SMTP, mail: Written) -> Answer:
    options = [] if mail.recipient.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
    try:
        server.sendmail(mail.sender, [mail.recipient], mail.content, mail_options=options)
    except smtplib.SMTPNotSupportedError:
        return Answer(verdict=Verdict.REFUSED, words="The mail server takes no addresses beyond ASCII.")
    except smtplib.SMTPRecipientsRefused as refusal:
        return _judged(*refusal.recipients[mail.recipient])
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refusal:
        return _judged(refusal.smtp_code, refusal.smtp_error)
    except (OSError, smtplib.SMTPException):
        return Answer(verdict=Verdict.TRY_LATER, words="The mail server closed the connection.")
    return Answer(verdict=Verdict.ACCEPTED)


def _hang_up(backend: EmailBackend) -> None:
    try:
        backend.close()
    except (OSError, smtplib.SMTPException):
        # The mail has been judged; a server that is rude at the end changes nothing.
        backend.connection = None


def _judged(code: int, words: bytes | str) -> Answer:
    verdict = Verdict.REFUSED if code // 100 == permanent else Verdict.TRY_LATER
    return Answer(verdict=verdict, words=_harmless(code, words))


def _later(code: int, words: bytes | str) -> Answer:
    return Answer(verdict=Verdict.TRY_LATER, words=_harmless(code, words))


def _harmless(code: int, words: bytes | str) -> str:
    """A stranger's server wrote this, and it will stand in a page: no controls, no turned text, one short line.

    SECURITY: a filter may quote what it refuses, and this is kept. See test_what_a_server_quotes_of_a_mail_is_not_kept.
    """
    text = words.decode("utf-8", errors="replace") if isinstance(words, bytes) else words
    plain = "".join(each if unicodedata.category(each)[0] not in "CZ" else " " for each in text)
    return " ".join(f"{code} {proofs.sub('…', plain)}".split())[:longest_words]


def _as_django_has_it(mail: Written) -> EmailMultiAlternatives:
    plain = EmailMultiAlternatives(mail.subject, mail.text, mail.sender, [mail.recipient], headers=dict(mail.headers))
    plain.attach_alternative(mail.html, "text/html")
    return plain
