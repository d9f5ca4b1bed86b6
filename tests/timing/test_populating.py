"""`bin/timing` is run by hand and seldom: what it asks about is made here, so that it does not rot meanwhile."""

import pytest
from django.utils import timezone

from letterlock.domain.accounts import signing_in
from letterlock.domain.accounts.metering import TooManyTries
from tests.cast import People, password
from tests.timing import populating
from tests.timing.questions import questions


@pytest.mark.usefixtures("people")
def test_every_question_can_be_asked_of_what_was_made() -> None:
    asked = questions(populating.populate(22))
    assert asked
    assert all(ask().path for question in asked for ask in question.kinds.values())


def test_somebody_who_was_tried_too_often_is_let_in_by_no_password(people: People) -> None:
    populating.throttled([people.bob.address])
    with pytest.raises(TooManyTries):
        signing_in.sign_in(
            platform=people.bob.platform,
            address=people.bob.address,
            password=password,
            browser=None,
            network="192.0.2.7",
            client="",
            at=timezone.now(),
        )
