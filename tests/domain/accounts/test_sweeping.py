"""Rows that prove nothing any more."""

from letterlock.domain.accounts import signing_in, sweeping
from letterlock.domain.accounts.models import Challenge, Session, Throttle
from letterlock.foundation.outbox import working
from tests.cast import People
from tests.domain.accounts.doing import begin, complete, day, hour, invite, minute, now, sign_in


def test_what_is_still_good_is_kept(people: People) -> None:
    challenge, signed_in = begin(invite(people.alice)), sign_in(people.alice)

    sweeping.sweep(at=now + minute)

    assert complete(challenge).account.name == "Erin Eames"
    assert signing_in.session_of_cookie(signed_in.key.reveal(), platform=people.alice.platform, at=now) is not None
    assert Throttle.objects.exists()


def test_what_is_over_goes(people: People) -> None:
    begin(invite(people.alice))
    signed_in = sign_in(people.alice)
    signing_in.sign_out(signed_in.session, at=now)
    sign_in(people.carol)

    sweeping.sweep(at=now + 2 * hour)
    assert not Challenge.objects.exists()
    assert not Throttle.objects.exists()
    assert Session.objects.count() == 2

    sweeping.sweep(at=now + 30 * day + hour)
    assert Session.objects.get().account == people.carol
    sweeping.sweep(at=now + 38 * day)
    assert not Session.objects.exists()


def test_the_worker_sweeps_by_itself(people: People) -> None:
    begin(invite(people.alice))

    working.plan_chores(at=now + 2 * hour)
    working.run_due_jobs(at=now + 2 * hour)

    assert not Challenge.objects.exists()
