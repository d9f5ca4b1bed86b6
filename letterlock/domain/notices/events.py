"""What this room owes itself. What became of a mail is a fact of the message it tells of: see the mailbox's events."""

import enum


class NoticesEvent(enum.StrEnum):
    """Topics of the outbox."""

    MAIL_OWED = "notices.mail.owed"  # (mail_id)
