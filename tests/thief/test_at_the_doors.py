"""A thief has every value of both stores, and tries each at the running service: cookie, link, code, nonce, key."""

import base64
import hmac
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.apps import apps

from letterlock.domain.accounts import inviting, proving, resetting, signing_in
from letterlock.domain.accounts.models import Account, Challenge, Invitation, InvitationPurpose, Session
from letterlock.foundation.kernel.refusals import NotFound, Refusal
from letterlock.foundation.kernel.secrets import Secret
from letterlock.foundation.vault import platform_keys
from letterlock.foundation.vault.platform_keys import Purpose
from letterlock.foundation.vault.sealing import Context
from tests.cast import People
from tests.domain.accounts.doing import begin, browser, invite, now, sign_in, token_of
from tests.domain.accounts.test_setting_up import add
from tests.thief.burglar import seeds_in


def stolen_values() -> set[str]:
    """Every column of every table of both stores, in each spelling a thief would try."""
    return {spelled for value in stolen_columns() for spelled in _spellings(value)}


def stolen_columns() -> list[object]:
    # The framework's own tables are the same everywhere: names of models.
    models = [one for one in apps.get_models() if one._meta.app_label not in {"auth", "contenttypes"}]
    return [value for model in models for row in model._base_manager.values_list() for value in row]


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


def test_no_column_is_the_key_from_which_links_are_computed(people: People, values: set[str]) -> None:
    invitation = invite(people.alice)
    seeds = {seed for value in stolen_columns() for seed in seeds_in(value)}
    tokens = {_token_with(key, invitation) for seed in seeds for key in (seed, _links_key(seed, invitation))}
    true_key = platform_keys.purpose_key(invitation.platform_id, Purpose.LINKS, generation=1).key

    assert len(tokens) > 300
    assert token_of(invitation) not in tokens
    assert token_of(invitation) == _token_with(true_key.reveal(), invitation)


def test_no_column_is_the_nonce_of_the_browser(values: set[str]) -> None:
    challenges = Challenge.objects.all()
    for value in values:
        for challenge in challenges:
            with pytest.raises(Refusal):
                proving.request_another(challenge.id, browser=value, platform=challenge.platform, at=now)


def test_no_column_is_a_password(people: People, values: set[str]) -> None:
    # Each try costs a hash, so only what looks like a password hash or a secret is tried.
    hashes = [value for value in values if value.startswith("argon2$")]
    assert hashes
    for value in hashes:
        with suppress(Refusal):
            sign_in(Account.objects.get(id=people.alice.id), typed=value)
            pytest.fail("A stolen hash signed in.")


def _links_key(platform_key: bytes, invitation: Invitation) -> bytes:
    key = platform_keys.derive_purpose_key(Secret(platform_key), invitation.platform_id, Purpose.LINKS, 1)
    return key.reveal()


def _token_with(key: bytes, invitation: Invitation) -> str:
    context = Context(
        platform_id=invitation.platform_id,
        purpose=f"invitation: {invitation.purpose}",
        object_id=invitation.id,
        generation=invitation.generation,
    )
    digest = hmac.digest(key, context.encode(format_name="derived-token"), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
