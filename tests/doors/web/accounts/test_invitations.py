"""Registering from an invitation, through the pages."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from letterlock.domain.accounts import inviting, proving
from letterlock.domain.accounts.models import Account, Challenge, Invitation, State
from letterlock.domain.policies import addresses
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import spell_message_code
from tests.cast import People, stranger, visit
from tests.domain.mailbox import desks

chosen = {"name": "Gil Guest", "password": "a few plain words", "terms": "on"}


@pytest.fixture
def invitation(people: People) -> Invitation:
    """A stranger whom Alice has invited."""
    address = addresses.read_address("gil@client.example")
    with transactions.writing():
        account = inviting.prepare_accounts([address], platform=people.alice.platform, at=timezone.now())[
            address.normal
        ]
        return inviting.invite(account, by=people.alice, at=timezone.now())


def _path(invitation: Invitation) -> str:
    return urlsplit(inviting.link_of(invitation)).path


def _begin(browser: Client, invitation: Invitation) -> str:
    answer = browser.post(_path(invitation), chosen)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_opening_the_link_says_who_invites_and_changes_nothing(people: People, invitation: Invitation) -> None:
    page = stranger(people.alice.platform).get(_path(invitation))
    assert page.status_code == 200
    assert "Alice Ashdown of Acme Legal has sent you a secure message." in page.content.decode()
    assert Challenge.objects.count() == 0
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("missing", ["name", "password", "terms"])
def test_each_missing_field_is_named_and_no_code_leaves(people: People, invitation: Invitation, missing: str) -> None:
    given = {name: value for name, value in chosen.items() if name != missing}
    page = stranger(people.alice.platform).post(_path(invitation), given)
    assert page.status_code == 422
    assert f'id="{missing}-errors"' in page.content.decode()
    assert Challenge.objects.count() == 0


def test_a_weak_password_is_refused_beside_its_field(people: People, invitation: Invitation) -> None:
    page = stranger(people.alice.platform).post(_path(invitation), chosen | {"password": "short"})
    assert page.status_code == 422
    assert 'id="password-errors"' in page.content.decode()


def test_the_code_signs_in_and_the_invitation_is_spent(people: People, invitation: Invitation) -> None:
    browser = stranger(people.alice.platform)
    way = _begin(browser, invitation)
    answer = browser.post(way, {"code": proving.code_of(Challenge.objects.get())})
    assert answer.status_code == 302
    assert Account.objects.get(address="gil@client.example").name == "Gil Guest"
    assert stranger(people.alice.platform).get(_path(invitation)).status_code == 409


@pytest.mark.parametrize(("code", "status"), [("12", 422), ("00000000", 422), ("abcdefgh", 422)])
def test_a_wrong_code_is_refused_beside_its_field(
    people: People, invitation: Invitation, code: str, status: int
) -> None:
    browser = stranger(people.alice.platform)
    page = browser.post(_begin(browser, invitation), {"code": code})
    assert page.status_code == status
    assert 'id="code-errors"' in page.content.decode()


def test_spaces_and_dashes_in_a_code_are_forgiven(people: People, invitation: Invitation) -> None:
    browser = stranger(people.alice.platform)
    way, code = _begin(browser, invitation), proving.code_of(Challenge.objects.get())
    assert browser.post(way, {"code": f" {code[:4]} - {code[4:]} "}).status_code == 302


def test_another_browser_cannot_use_the_code(people: People, invitation: Invitation) -> None:
    way = _begin(stranger(people.alice.platform), invitation)
    page = stranger(people.alice.platform).post(way, {"code": proving.code_of(Challenge.objects.get())})
    assert page.status_code == 410


def test_somebody_signed_in_spends_nothing(people: People, invitation: Invitation) -> None:
    page = visit(people.carol).post(_path(invitation), chosen)
    assert page.status_code == 409
    assert "carol@acme.example" in page.content.decode()
    assert Challenge.objects.count() == 0


def test_a_lapsed_invitation_says_what_to_do(people: People, invitation: Invitation) -> None:
    with transactions.writing():
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    page = stranger(people.alice.platform).get(_path(invitation))
    assert page.status_code == 410
    assert "ask the person who wrote to you" in page.content.decode()


@pytest.mark.parametrize("where", ["acme", "globex"])
def test_a_forged_link_and_one_of_another_platform_find_nothing(
    people: People, invitation: Invitation, where: str
) -> None:
    platform = people.alice.platform if where == "acme" else people.mallory.platform
    path = f"/invitations/{invitation.id}/forged/" if where == "acme" else _path(invitation)
    assert stranger(platform).get(path).status_code == 404


def test_registering_leads_to_the_message_the_mail_was_about(people: People) -> None:
    message = desks.mail(people.alice, to=("gil@client.example",), subject="The first")
    desks.mail(people.alice, to=("gil@client.example",), subject="The newest")
    browser = stranger(people.alice.platform)
    path = _path(Invitation.objects.get()) + f"?message={spell_message_code(message.code)}"
    page = browser.get(path).content.decode()
    assert f'action="{path}"' in page
    where = browser.post(path, chosen).headers["Location"]
    answer = browser.post(where, {"code": proving.code_of(Challenge.objects.get())})
    assert answer.headers["Location"] == f"/messages/{message.id}/"


def test_a_code_of_somebody_elses_message_leads_to_ones_own(people: People) -> None:
    other = desks.mail(people.alice, to=(people.bob.address,))
    own = desks.mail(people.alice, to=("gil@client.example",))
    browser = stranger(people.alice.platform)
    where = browser.post(_path(Invitation.objects.get()) + f"?message={other.code}", chosen).headers["Location"]
    answer = browser.post(where, {"code": proving.code_of(Challenge.objects.get())})
    assert answer.headers["Location"] == f"/messages/{own.id}/"


def test_whoever_is_registered_signs_in_straight_to_the_message(people: People) -> None:
    message = desks.mail(people.alice, to=("gil@client.example",))
    path = _path(Invitation.objects.get()) + f"?message={message.code}"
    Account.objects.filter(address="gil@client.example").update(state=State.ACTIVE, registered_at=timezone.now())
    page = stranger(people.alice.platform).get(path).content.decode()
    assert f'href="/sign-in/?next=%2Fcodes%2F%3Fcode%3D{message.code}"' in page


def test_a_mistake_keeps_what_was_typed_but_the_password_and_says_so(invitation: Invitation) -> None:
    browser = stranger(invitation.platform)
    page = browser.post(_path(invitation), chosen | {"terms": ""}).content.decode()
    assert 'value="Gil Guest"' in page
    assert chosen["password"] not in page
    assert page.count("Please type this again: passwords are not kept") == 1
    refused = browser.post(_path(invitation), chosen | {"password": "short"}).content.decode()
    assert "Please type this again" not in refused


def test_typing_can_begin_where_the_page_begins(invitation: Invitation) -> None:
    browser = stranger(invitation.platform)
    where = _begin(browser, invitation)
    asked = browser.get(where).content.decode()
    assert re.search(r'<input id="code"[^>]* autofocus', asked)
    assert asked.count("autofocus") == 1
    unread = browser.post(_path(invitation), chosen | {"terms": ""}).content.decode()
    assert re.search(r'<input id="terms"[^>]* autofocus', unread)
    assert unread.count("autofocus") == 1
