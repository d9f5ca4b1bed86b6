"""Destroying keys of messages that an older database does not know."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from letterlock.domain.platforms import restoring
from letterlock.foundation.vault.keystore.models import Share
from letterlock.foundation.vault.models import Wrap
from tests.cast import People
from tests.domain.mailbox.letters import send


def sweep(host: str = "acme.localhost") -> str:
    out = StringIO()
    call_command("sweep", host, stdout=out)
    return out.getvalue()


def test_whoever_looked_has_all_nameless_shares_destroyed_and_no_other(people: People) -> None:
    lost, kept = send(people.alice, to=[people.bob]), send(people.alice, to=[people.bob])
    Wrap.objects.filter(object_id=lost.id).delete()
    Share.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert "Shares destroyed: 2." in sweep()
    assert set(Share.objects.alive().values_list("object_id", flat=True)) == {kept.id}


def test_shortly_after_a_restore_nothing_is_swept(people: People) -> None:
    lost = send(people.alice, to=[people.bob])
    Wrap.objects.filter(object_id=lost.id).delete()
    restoring.note_restored(digests={}, gives_up_recalls=False, at=timezone.now() - timedelta(days=6))
    with pytest.raises(CommandError, match="Within 7 days"):
        sweep()
    assert Share.objects.alive().count() == 2


def test_an_unknown_platform_is_refused(people: People) -> None:
    with pytest.raises(CommandError, match=r"No platform here answers to “initech\.example”"):
        sweep("initech.example")
