"""From the link in the mail to a signed-in Guest."""

from typing import Any

import pytest

from letterlock.domain.accounts import inviting, proving, registering, resetting, signing_in
from letterlock.domain.accounts import people as operating
from letterlock.domain.accounts.admitting import SignedIn
from letterlock.domain.accounts.inviting import AlreadyRegistered, InvitationLapsed
from letterlock.domain.accounts.metering import TooManyTries
from letterlock.domain.accounts.models import Account, Challenge, Session, State, Status
from letterlock.domain.accounts.passwords import WeakPassword
from letterlock.domain.accounts.proving import CodeGone, CookiesNeeded, Proposal, WrongCode
from letterlock.domain.policies import addresses
from letterlock.domain.policies.names import InvalidName
from letterlock.domain.policies.zones import InvalidTimeZone
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import NotFound, Refusal
from tests.cast import People
from tests.domain.accounts.doing import (
    at_once,
    begin,
    browser,
    complete,
    day,
    facts,
    invite,
    minute,
    new_password,
    now,
    posted,
    sign_in,
    token_of,
    wrong,
)


def test_a_person_registers(people: People) -> None:
    invitation = invite(people.alice)

    signed_in = complete(begin(invitation), at=now + minute)

    account = Account.objects.get(id=invitation.account_id)
    assert (account.state, account.status, account.name) == (State.ACTIVE, Status.GUEST, "Erin Eames")
    assert (account.registered_at, account.time_zone) == (now + minute, "Europe/Zurich")
    invitation.refresh_from_db()
    assert invitation.accepted_at == now + minute
    assert signed_in.account == account
    found = signing_in.session_of_cookie(signed_in.key.reveal(), platform=account.platform, at=now + minute)
    assert found == signed_in.session
    assert sign_in(account, typed=new_password, at=now + minute).account == account
    assert facts(account)[:4] == ["account.invited", "code.requested", "account.registered", "session.started"]


def test_beginning_owes_a_mail_and_spends_nothing(people: People) -> None:
    invitation = invite(people.alice)

    challenge = begin(invitation)

    assert posted("accounts.code.requested") == [{"challenge_id": str(challenge.id)}]
    invitation.refresh_from_db()
    assert invitation.is_open(at=now)
    assert invitation.account.is_pending


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "evil@evil.example"}, InvalidName),
        ({"name": ""}, InvalidName),
        ({"time_zone": "Mars/Olympus"}, InvalidTimeZone),
        ({"password": "short"}, WeakPassword),
        ({"password": "qwertyuiop[]"}, WeakPassword),
        ({"password": "x" * 1025}, WeakPassword),
        ({"browser": ""}, CookiesNeeded),
    ],
)
def test_a_form_that_will_not_do_is_refused(people: People, changes: dict[str, Any], refusal: type[Refusal]) -> None:
    invitation = invite(people.alice)

    with pytest.raises(refusal):
        begin(invitation, **changes)

    assert not Challenge.objects.exists()
    assert posted("accounts.code.requested") == []


def test_a_lapsed_invitation_begins_nothing(people: People) -> None:
    invitation = invite(people.alice)

    with pytest.raises(InvitationLapsed):
        begin(invitation, at=now + 30 * day)


def test_an_account_is_registered_once(people: People) -> None:
    invitation = invite(people.alice)
    complete(begin(invitation))
    invitation.refresh_from_db()

    with pytest.raises(AlreadyRegistered):
        begin(invitation)


def test_an_operators_link_does_not_begin_here(people: People) -> None:
    address = addresses.read_address("erin@acme.example")
    invitation = operating.add_person(
        people.alice.platform, address=address, name="Erin", status=Status.PROFESSIONAL, at=now
    )

    with pytest.raises(NotFound):
        begin(invitation)


def test_codes_for_an_address_are_throttled(people: People) -> None:
    invitation = invite(people.alice)
    for _ in range(5):
        begin(invitation)

    with pytest.raises(TooManyTries):
        begin(invitation)
    assert begin(invitation, at=now + 10 * minute).account == invitation.account


def test_asking_for_resets_keeps_nobody_from_registering(people: People) -> None:
    invitation = invite(people.alice)
    for number in range(10):
        resetting.begin(
            platform=people.alice.platform,
            address=invitation.account.address,
            browser="somebody else's browser",
            network=f"192.0.2.{number}",
            at=now,
        )
    assert begin(invitation).account == invitation.account


def test_a_wrong_code_says_how_many_tries_are_left(people: People) -> None:
    challenge = begin(invite(people.alice))

    with pytest.raises(WrongCode) as refusal:
        complete(challenge, code=wrong(proving.code_of(challenge)))

    assert refusal.value.details == {"left": 4}
    assert complete(challenge).account.name == "Erin Eames"


def test_after_five_wrong_codes_the_right_one_is_refused(people: People) -> None:
    challenge = begin(invite(people.alice))
    for _ in range(5):
        with pytest.raises(WrongCode):
            complete(challenge, code="00000000" if proving.code_of(challenge) != "00000000" else "1")

    with pytest.raises(CodeGone):
        complete(challenge)


def test_however_many_guess_at_once_five_guesses_are_compared(people: People) -> None:
    challenge = begin(invite(people.alice))

    outcomes = at_once(12, lambda: complete(challenge, code=wrong(proving.code_of(challenge))))

    assert [type(outcome) for outcome in outcomes].count(WrongCode) == 5
    assert [type(outcome) for outcome in outcomes].count(CodeGone) == 7


def test_of_two_who_type_the_code_at_once_one_is_let_in(people: People) -> None:
    challenge = begin(invite(people.alice))

    outcomes = at_once(2, lambda: complete(challenge))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CodeGone", "SignedIn"]
    assert Session.objects.count() == 1


def test_two_forms_at_once_register_one_account(people: People) -> None:
    invitation = invite(people.alice)
    challenges = [begin(invitation, name="Erin One"), begin(invitation, name="Erin Two")]

    outcomes = at_once(2, lambda: complete(challenges.pop()))

    assert [type(outcome) for outcome in outcomes].count(SignedIn) == 1
    assert Session.objects.count() == 1


def test_a_code_is_good_for_ten_minutes(people: People) -> None:
    challenge = begin(invite(people.alice))

    with pytest.raises(CodeGone):
        complete(challenge, at=now + 10 * minute)


def test_a_code_is_typed_in_the_browser_that_asked_for_it(people: People) -> None:
    challenge = begin(invite(people.alice))

    for stranger in ("another browser", ""):
        with pytest.raises(CodeGone):
            complete(challenge, typed_in=stranger)
    challenge.refresh_from_db()
    assert challenge.tries_left == 5


def test_a_code_is_nothing_on_another_platform(people: People) -> None:
    challenge = begin(invite(people.alice))

    with pytest.raises(CodeGone):
        registering.complete(
            challenge.id,
            code=proving.code_of(challenge),
            browser=browser,
            platform=people.mallory.platform,
            client="",
            at=now,
        )


def test_a_code_works_once(people: People) -> None:
    challenge = begin(invite(people.alice))
    complete(challenge)

    with pytest.raises(CodeGone):
        complete(challenge)
    assert Session.objects.count() == 1


def test_spaces_dashes_and_other_digits_are_forgiven(people: People) -> None:
    challenge = begin(invite(people.alice))
    code = proving.code_of(challenge)
    arabic = "".join(chr(0x0660 + int(digit)) for digit in code)

    assert complete(challenge, code=f" {arabic[:4]} - {arabic[4:]}\n").account.name == "Erin Eames"


def test_a_scanner_that_fills_in_forms_and_presses_buttons_spends_nothing(people: People) -> None:
    invitation = invite(people.alice)
    # It opens the link, runs the scripts, fills in the form and tries a code: in its own browser.
    inviting.read_link(invitation.id, token_of(invitation), platform=people.alice.platform, at=now)
    scanned = begin(invitation, browser="the scanner's", name="Scanner", password="scanner scanner scanner")
    with pytest.raises(WrongCode):
        complete(scanned, typed_in="the scanner's", code=wrong(proving.code_of(scanned)))

    signed_in = complete(begin(invitation, at=now + minute), at=now + 2 * minute)

    assert signed_in.account.name == "Erin Eames"


def test_what_somebody_else_began_is_dropped_when_the_owner_registers(people: People) -> None:
    invitation = invite(people.alice)
    began = begin(invitation, browser="somebody else's", name="Mallory")
    Session.objects.create(
        account=invitation.account,
        platform=invitation.platform,
        key_hash=b"1" * 32,
        created_at=now,
        authenticated_at=now,
        last_seen_at=now,
    )

    signed_in = complete(begin(invitation))

    with pytest.raises(CodeGone):
        complete(began, typed_in="somebody else's")
    assert list(signing_in.open_sessions(signed_in.account, at=now)) == [signed_in.session]


def test_a_pending_account_cannot_be_signed_in_to(people: People) -> None:
    invitation = invite(people.alice)
    begin(invitation)

    with pytest.raises(signing_in.WrongSignIn):
        sign_in(invitation.account, typed=new_password)


def test_registering_here_is_nothing_there(people: People) -> None:
    here, there = invite(people.alice), invite(people.mallory)
    complete(begin(here))

    there.refresh_from_db()
    assert there.account.is_pending
    assert there.is_open(at=now)


def test_an_account_in_use_is_not_taken_into_use_again(people: People) -> None:
    with pytest.raises(AlreadyRegistered), transactions.writing():
        registering.take_into_use(people.bob, Proposal(name="Mallory", password_hash="x"), at=now)

    assert sign_in(people.bob).account.name == "Bob Brennan"
