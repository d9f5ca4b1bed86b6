"""Fills a store: a platform, its people, really sealed letters in one mailbox, and copies of them everywhere else.

The letters that will be listed, read and recalled are written by the product's own verbs. The many that only make the
tables large are copied from them by SQL (`copying`), under new ids and at other times: they open for nobody, and the
run never asks for one.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.utils import timezone

from bench.letter import copying, people
from bench.letter.copying import Copy
from letterlock.config import preparing
from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import drafting, sending
from letterlock.domain.mailbox.models import Message
from letterlock.domain.mailbox.tidying import DraftChanges
from letterlock.foundation.audit import integrating
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.outbox import working
from letterlock.foundation.outbox.models import Job

#: Of a mailbox, four in five messages were received.
received_of_five = 4
worked_off = 20
#: Settings of this process's connections alone.
hurrying = {
    "sqlite": ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-400000", "PRAGMA secure_delete=OFF"),
    "postgresql": ("SET synchronous_commit=off",),
}
words = "<p>The numbers of the quarter are in.</p>" + "<p>Please look at them before we meet on Thursday.</p>" * 8


def main() -> None:
    """Fill the store this process was started for; says which messages may be read, and what the worker had to do."""
    options = _read_options()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # mails are written, and handed to nobody
    preparing.prepare()
    hurry()
    now = timezone.now()
    cast = people.found(at=now - timedelta(days=800))
    minutes = range(options.letters, 0, -1)
    letters = [
        write(cast.colleagues[number % len(cast.colleagues)], to=cast.owner, at=now - timedelta(minutes=number))
        for number in minutes
    ]
    worker = work_off(cast.owner.platform_id, letters=letters[-worked_off:], at=now)
    ids = [letter.id for letter in letters]
    copying.copy(list(plan(options, cast, ids, before=now - timedelta(days=2))))
    settle()
    told = {"letters": [str(one) for one in ids], "bytes": stored_bytes(), "worker": worker}
    sys.stdout.write(json.dumps(told) + "\n")


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mailbox", type=int, required=True, help="messages in the one mailbox")
    parser.add_argument("--platform", type=int, required=True, help="messages of the platform, that mailbox included")
    parser.add_argument("--letters", type=int, required=True, help="how many of the mailbox are really sealed")
    return parser.parse_args()


def hurry() -> None:
    """No waiting for the disk while this process fills: what a power cut spoils is filled anew."""
    for connection in connections.all():
        with connection.cursor() as cursor:
            for statement in hurrying[connection.vendor]:
                cursor.execute(statement)


def write(author: Account, *, to: Account, at: datetime) -> Message:
    """One letter as the pages make it: drafted, saved, sent."""
    draft = drafting.start_draft(by=author, at=at)
    changes = DraftChanges(to=(to.address,), subject="Figures of the quarter", html=words)
    draft = drafting.save_draft(draft, changes=changes, version=draft.version, by=author, at=at)
    return sending.send_draft(draft, idempotency_key=new_id(), invite=False, by=author, at=at)


def work_off(platform_id: UUID, *, letters: Sequence[Message], at: datetime) -> dict[str, float]:
    """As after a quiet hour: nothing is owed, everything has its place in the ledger. Only the last letters' work is
    done and measured; what the others owe is left out, which saves minutes."""
    Job.objects.filter(created_at__lt=letters[0].sent_at).delete()
    started = time.process_time()
    jobs = working.run_due_jobs(at=at, limit=100_000)
    jobs_seconds = time.process_time() - started
    integrating.integrate(platform_id)
    return {"letters": len(letters), "jobs": jobs, "cpu_ms_a_letter": round(jobs_seconds * 1000 / len(letters), 1)}


def plan(
    options: argparse.Namespace, cast: people.Cast, letters: Sequence[UUID], *, before: datetime
) -> Iterator[Copy]:
    """Which copies there shall be: the rest of the mailbox, and everybody else's, mingled over two years."""
    dice = random.Random(options.platform)
    total = options.platform - options.letters
    own = options.mailbox - options.letters
    step = timedelta(days=730) / max(1, total)
    for number in range(total):
        # Evenly mixed, as letters come: the mailbox's rows do not lie side by side.
        is_own = number * own // total != (number + 1) * own // total
        sender, recipient = dice.sample(cast.colleagues, 2)
        if is_own and dice.randrange(5) < received_of_five:
            recipient = cast.owner
        elif is_own:
            sender = cast.owner
        yield Copy(
            of=letters[number % min(len(letters), 50)],
            sender=sender.id,
            recipient=recipient.id,
            sent_at=before - step * (total - number),
        )


def settle() -> None:
    """What databases do by themselves in quiet hours: statistics, and the log written back."""
    for connection in connections.all():
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("ANALYZE")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                cursor.execute("VACUUM ANALYZE")
                cursor.execute("CHECKPOINT")


def stored_bytes() -> dict[str, int]:
    """How large both stores are on disk."""
    return {alias: _bytes_of(alias) for alias in ("default", "keystore")}


def _bytes_of(alias: str) -> int:
    if connections[alias].vendor == "sqlite":
        return Path(str(settings.DATABASES[alias]["NAME"])).stat().st_size
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
