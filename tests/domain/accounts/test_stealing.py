"""A thief has the whole main database, and tries every value in it as cookie, link, code and browser nonce."""

import base64
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.apps import apps

from letterlock.domain.accounts import inviting, proving, resetting, signing_in
from letterlock.domain.accounts.models import Account, Challenge, InvitationPurpose, Session
from letterlock.foundation.kernel.refusals import NotFound, Refusal
from tests.cast import People
from tests.domain.accounts.doing import begin, browser, invite, now, sign_in
from tests.domain.accounts.test_setting_up import add


def stolen_values() -> set[str]:
    """Every column of every table, in each spelling a thief would try."""
    models = [model for model in apps.get_models() if model._meta.app_label != "keystore"]
    rows = [row for model in models for row in model._base_manager.values_list()]
    return {spelled for row in rows for value in row for spelled in _spellings(value)}


def _spellings(value: object) -> Iterator[str]:
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        yield from (raw.hex(), raw.decode("latin-1"), base64.b64encode(raw).decode())
        yield base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    elif value is not None:
        yield from (str(value), str(value).replace("-", ""))


@pytest.fixture
def values(people: People) -> set[str]:
    sign_in(people.alice)
    begin(invite(people.alice))
    add(people)
    resetting.begin(
        platform=people.alice.platform, address=people.bob.address, browser=browser, network="192.0.2.7", at=now
    )
    return stolen_values()


def test_the_thief_looks_into_what_matters(values: set[str]) -> None:
    session = Session.objects.get()

    assert bytes(session.key_hash).hex() in values
    assert len(values) > 100


def test_no_column_is_a_cookie(people: People, values: set[str]) -> None:
    opened = [
        value
        for value in values
        if signing_in.session_of_cookie(value, platform=people.alice.platform, at=now) is not None
    ]

    assert opened == []


def test_no_column_is_the_token_of_a_link(people: People, values: set[str]) -> None:
    invitations = [invite(people.alice), add(people)]

    for invitation in invitations:
        for value in values:
            with pytest.raises(NotFound):
                inviting.read_link(
                    invitation.id,
                    value,
                    platform=people.alice.platform,
                    at=now,
                    purpose=InvitationPurpose(invitation.purpose),
                )


def test_no_column_is_a_code_or_holds_one(values: set[str]) -> None:
    for challenge in Challenge.objects.all():
        code = proving.code_of(challenge)
        # Ids and hashes are long: that eight digits of one happen to be the code has odds of one in a million.
        assert not [value for value in values if code in value]


def test_no_column_is_the_nonce_of_the_browser(values: set[str]) -> None:
    challenges = Challenge.objects.all()
    for value in values:
        for challenge in challenges:
            with pytest.raises(Refusal):
                proving.request_another(challenge.id, browser=value, platform=challenge.platform, at=now)


def test_no_column_is_a_password(people: People, values: set[str]) -> None:
    # Each try costs a hash, so only what looks like a password hash or a secret is tried.
    for value in [value for value in values if value.startswith("argon2$")]:
        with suppress(Refusal):
            sign_in(Account.objects.get(id=people.alice.id), typed=value)
            pytest.fail("A stolen hash signed in.")
