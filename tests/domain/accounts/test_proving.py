"""Codes: a new one on request, and nobody's."""

from datetime import datetime

import pytest

from letterlock.domain.accounts import proving, resetting
from letterlock.domain.accounts.models import Challenge, ChallengePurpose
from letterlock.domain.accounts.proving import CodeGone, WrongCode
from letterlock.domain.platforms.models import Platform
from tests.cast import People
from tests.domain.accounts.doing import begin, browser, complete, invite, minute, now, posted


def ask_again(
    challenge: Challenge, *, at: datetime = now, typed_in: str = browser, platform: Platform | None = None
) -> Challenge:
    return proving.request_another(challenge.id, browser=typed_in, platform=platform or challenge.platform, at=at)


def test_another_code_revokes_the_first_and_brings_its_own_tries(people: People) -> None:
    challenge = begin(invite(people.alice))
    first = proving.code_of(challenge)

    again = ask_again(challenge, at=now + 15 * minute)

    assert proving.code_of(again) != first
    assert len(posted("accounts.code.requested")) == 2
    with pytest.raises(WrongCode):
        complete(again, code=first, at=now + 16 * minute)
    assert complete(again, at=now + 16 * minute).account.name == "Erin Eames"


def test_a_third_new_code_is_refused(people: People) -> None:
    challenge = begin(invite(people.alice))
    ask_again(challenge)
    ask_again(challenge)

    with pytest.raises(CodeGone):
        ask_again(challenge)


def test_after_an_hour_one_begins_anew(people: People) -> None:
    challenge = begin(invite(people.alice))

    with pytest.raises(CodeGone):
        ask_again(challenge, at=now + 60 * minute)


def test_only_the_browser_that_asked_gets_another_code(people: People) -> None:
    challenge = begin(invite(people.alice))

    with pytest.raises(CodeGone):
        ask_again(challenge, typed_in="another browser")
    with pytest.raises(CodeGone):
        ask_again(challenge, platform=people.mallory.platform)


def test_a_used_code_is_not_replaced(people: People) -> None:
    challenge = begin(invite(people.alice))
    complete(challenge)

    with pytest.raises(CodeGone):
        ask_again(challenge)


def test_nobodys_code_leads_nowhere_even_when_it_is_right(people: People) -> None:
    challenge = resetting.begin(
        platform=people.alice.platform, address="nobody@acme.example", browser=browser, network="192.0.2.7", at=now
    )

    with pytest.raises(WrongCode):
        proving.prove(
            challenge.id,
            purpose=ChallengePurpose.RESET,
            code=proving.code_of(challenge),
            browser=browser,
            platform=people.alice.platform,
            at=now,
        )


def test_a_code_for_registering_resets_no_password(people: People) -> None:
    challenge = begin(invite(people.alice))

    with pytest.raises(CodeGone):
        proving.prove(
            challenge.id,
            purpose=ChallengePurpose.RESET,
            code=proving.code_of(challenge),
            browser=browser,
            platform=people.alice.platform,
            at=now,
        )


def test_codes_have_eight_digits_and_differ(people: People) -> None:
    codes = {proving.code_of(begin(invite(people.alice, f"p{number}@client.example"))) for number in range(4)}

    assert len(codes) == 4
    assert all(len(code) == 8 and code.isdecimal() for code in codes)
