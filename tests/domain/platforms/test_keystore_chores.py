"""The worker looks after the keystore without being asked."""

from datetime import timedelta
from uuid import uuid4

from letterlock.foundation.outbox import working
from letterlock.foundation.vault import keys, wrapping
from letterlock.foundation.vault.keystore.models import Share
from letterlock.foundation.vault.models import Basis, Holder, ObjectKind, Thing
from tests.cast import People, founded_at


def test_a_share_that_a_crashed_send_left_is_swept_by_the_worker(people: People) -> None:
    thing = Thing(ObjectKind.MESSAGE, uuid4())
    wrapping.prepare_wraps(
        keys.new_content_key(),
        of=thing,
        to=[Holder(people.alice.id)],
        basis=Basis.AUTHORED,
        platform_id=people.alice.platform_id,
        at=founded_at,
    )
    later = founded_at + timedelta(days=8)
    working.plan_chores(at=later)
    working.run_due_jobs(at=later)
    assert not Share.objects.alive().filter(object_id=thing.id).exists()
