"""Inviting people, and what their links mean."""

import pytest

from letterlock.domain.accounts import inviting
from letterlock.domain.accounts.inviting import (
    AlreadyRegistered,
    InvitationLapsed,
    InvitationLimit,
    LinkReplaced,
    MayNotInvite,
    SignedInAsSomebodyElse,
)
from letterlock.domain.accounts.metering import TooManyTries
from letterlock.domain.accounts.models import Account, Invitation, InvitationPurpose, State, Status
from letterlock.domain.policies import addresses, limits
from letterlock.foundation.audit.models import Entry
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import NotFound
from letterlock.foundation.outbox.models import Job
from letterlock.foundation.vault.models import KeyPair
from tests.cast import People, register
from tests.domain.accounts.doing import (
    at_once,
    begin,
    complete,
    day,
    facts,
    hour,
    invite,
    minute,
    now,
    posted,
    token_of,
)

erin, frank = (addresses.read_address(f"{name}@client.example") for name in ("erin", "frank"))


def test_a_new_address_gets_a_pending_account_with_keys(people: People) -> None:
    accounts = inviting.ensure_accounts([erin], platform=people.alice.platform, at=now)

    account = accounts["erin@client.example"]
    assert account.state == State.PENDING
    assert account.status == Status.GUEST
    assert not account.has_usable_password()
    assert KeyPair.objects.filter(holder_id=account.id).count() == 1


def test_known_addresses_keep_their_accounts_and_doubles_become_one(people: People) -> None:
    typed = ["Frank@client.example", "ALICE@acme.example", "frank@Client.example", "erin@client.example"]

    accounts = inviting.ensure_accounts(
        [addresses.read_address(each) for each in typed], platform=people.alice.platform, at=now
    )

    assert list(accounts) == ["alice@acme.example", "erin@client.example", "frank@client.example"]
    assert accounts["alice@acme.example"] == people.alice
    assert KeyPair.objects.filter(holder_id__in=[account.id for account in accounts.values()]).count() == 3


def test_mail_goes_to_the_address_as_it_was_written_first(people: People) -> None:
    def ensure(typed: str) -> Account:
        read = addresses.read_address(typed)
        return inviting.ensure_accounts([read], platform=people.alice.platform, at=now)[read.normal]

    first, second = ensure("Weiße@client.example"), ensure("weiße@client.example")

    assert first == second
    assert second.mail_address == "Weiße@client.example"


@pytest.mark.parametrize("other", ["weisse@client.example", "ſam@client.example"])
def test_whoever_has_a_look_alike_is_somebody_else(people: People, other: str) -> None:
    """Who was invited as ſam, and proved it, must not be handed what is written to sam."""
    both = [addresses.read_address(typed) for typed in (other, "weiße@client.example", "sam@client.example")]

    accounts = inviting.ensure_accounts(both, platform=people.alice.platform, at=now)

    assert len({account.id for account in accounts.values()}) == 3


def test_the_same_address_on_two_platforms_is_two_people(people: People) -> None:
    here = inviting.ensure_accounts([erin], platform=people.alice.platform, at=now)
    there = inviting.ensure_accounts([erin], platform=people.mallory.platform, at=now)

    assert here[erin.normal].id != there[erin.normal].id


def test_two_senders_at_once_make_one_pending_account(people: People) -> None:
    typed = [erin, frank]

    def ensure() -> object:
        typed.reverse()
        return inviting.ensure_accounts(list(typed), platform=people.alice.platform, at=now)

    first, *others = at_once(4, ensure)

    assert all(other == first for other in others)
    pending = Account.objects.of(people.alice.platform).filter(state=State.PENDING)
    assert pending.count() == 2
    assert KeyPair.objects.filter(holder_id__in=pending.values("id")).count() == 2


def test_an_invitation_is_open_for_thirty_days(people: People) -> None:
    invitation = invite(people.alice)

    assert invitation.is_open(at=now + 30 * day - minute)
    assert not invitation.is_open(at=now + 30 * day)
    assert facts(invitation.account) == ["account.invited"]


def test_inviting_again_changes_nothing(people: People) -> None:
    first = invite(people.alice)
    jobs, entries = Job.objects.count(), Entry.objects.count()

    second = invite(people.carol, at=now + day)

    assert (second.id, second.generation, second.expires_at) == (first.id, first.generation, first.expires_at)
    assert (Job.objects.count(), Entry.objects.count()) == (jobs, entries)
    assert inviting.invitations_left(people.carol, at=now + day) == limits.invitations_per_day


def test_two_senders_at_once_open_one_invitation(people: People) -> None:
    accounts = inviting.ensure_accounts([erin], platform=people.alice.platform, at=now)
    senders = [people.alice, people.carol]

    @transactions.opened
    def invite_her() -> Invitation:
        return inviting.invite(accounts[erin.normal], by=senders.pop(), at=now)

    assert {invitation.generation for invitation in at_once(2, invite_her)} == {1}  # type: ignore[attr-defined]  # it answers objects
    assert facts(accounts[erin.normal]) == ["account.invited"]


def test_a_lapsed_invitation_is_renewed_with_a_new_link(people: People) -> None:
    first = invite(people.alice)
    later = now + 31 * day

    second = invite(people.carol, at=later)

    assert second.id == first.id
    assert second.generation == 2
    assert second.is_open(at=later)
    assert second.invited_by == people.carol


@pytest.mark.parametrize(
    ("name", "may"), [("alice", True), ("bob", False), ("carol", True), ("dora", True), ("mallory", True)]
)
def test_who_may_invite(people: People, name: str, may: bool) -> None:
    sender = people.by_name(name)
    if may:
        assert invite(sender).invited_by == sender
    else:
        with pytest.raises(MayNotInvite):
            invite(sender)


def test_a_guest_may_answer_somebody_who_is_invited_already(people: People) -> None:
    invitation = invite(people.alice)

    assert invite(people.bob, at=now + day) == invitation


def test_people_who_have_registered_are_not_invited(people: People) -> None:
    with pytest.raises(AlreadyRegistered), transactions.writing():
        inviting.invite(people.bob, by=people.alice, at=now)


def test_the_fifty_first_invitation_of_a_day_is_refused(people: People) -> None:
    for number in range(limits.invitations_per_day):
        invite(people.alice, f"person{number}@client.example", at=now + number * minute)
    assert inviting.invitations_left(people.alice, at=now + hour) == 0

    with pytest.raises(InvitationLimit) as refusal:
        invite(people.alice, at=now + 23 * hour)

    assert "50 new people in 24 hours, and 0" in refusal.value.explain()
    assert invite(people.carol, at=now + 23 * hour).invited_by == people.carol
    assert invite(people.alice, "frank@client.example", at=now + day + minute).invited_by == people.alice


def test_sending_again_revokes_the_old_link_and_owes_a_mail(people: People) -> None:
    invitation = invite(people.alice)
    old = token_of(invitation)

    renewed = inviting.send_again(invitation, by=people.carol, at=now + day)

    assert renewed.is_open(at=now + 31 * day - minute)
    assert posted("accounts.account.invited") == [{"invitation_id": str(invitation.id)}]
    assert facts(invitation.account) == ["account.invited", "account.invited"]
    platform = people.alice.platform
    assert inviting.read_link(invitation.id, token_of(renewed), platform=platform, at=now + day) == renewed
    with pytest.raises(LinkReplaced):
        inviting.read_link(invitation.id, old, platform=platform, at=now + day)


def test_sending_again_and_again_is_throttled(people: People) -> None:
    invitation = invite(people.alice)
    for _ in range(3):
        inviting.send_again(invitation, by=people.alice, at=now)

    with pytest.raises(TooManyTries):
        inviting.send_again(invitation, by=people.alice, at=now)
    assert inviting.send_again(invitation, by=people.alice, at=now + hour).generation == 5


def test_a_lapsed_invitation_that_is_sent_again_counts_as_new(people: People) -> None:
    invitation = invite(people.alice)

    renewed = inviting.send_again(invitation, by=people.carol, at=now + 40 * day)

    assert renewed.is_open(at=now + 69 * day)
    assert inviting.invitations_left(people.carol, at=now + 40 * day) == limits.invitations_per_day - 1


def test_a_guest_sends_nothing_again(people: People) -> None:
    with pytest.raises(MayNotInvite):
        inviting.send_again(invite(people.alice), by=people.bob, at=now)


def test_an_invitation_that_was_accepted_is_not_sent_again(people: People) -> None:
    invitation = invite(people.alice)
    complete(begin(invitation))

    with pytest.raises(AlreadyRegistered):
        inviting.send_again(invitation, by=people.alice, at=now)


def test_reading_a_link_however_often_changes_nothing(people: People) -> None:
    invitation = invite(people.alice)
    before = (Invitation.objects.values().get(), Job.objects.count(), Entry.objects.count())

    for _ in range(3):
        inviting.read_link(invitation.id, token_of(invitation), platform=people.alice.platform, at=now)

    assert (Invitation.objects.values().get(), Job.objects.count(), Entry.objects.count()) == before


def test_a_link_names_the_platform_and_no_address(people: People) -> None:
    link = inviting.link_of(invite(people.alice))

    assert link.startswith("https://acme.localhost/invitations/")
    assert "erin" not in link


def test_a_forged_link_is_not_found(people: People) -> None:
    invitation = invite(people.alice)
    other = invite(people.alice, "frank@client.example")

    for token in ("", "x", token_of(other), token_of(invitation)[:-1], token_of(invitation) + "A", "é"):
        with pytest.raises(NotFound):
            inviting.read_link(invitation.id, token, platform=people.alice.platform, at=now)


def test_a_link_is_nothing_on_another_platform(people: People) -> None:
    invitation = invite(people.alice)

    with pytest.raises(NotFound):
        inviting.read_link(invitation.id, token_of(invitation), platform=people.mallory.platform, at=now)


def test_a_mailed_link_is_nothing_at_the_page_for_setting_up(people: People) -> None:
    invitation = invite(people.alice)
    token = token_of(invitation)

    with pytest.raises(NotFound):
        inviting.read_link(
            invitation.id, token, platform=people.alice.platform, at=now, purpose=InvitationPurpose.SET_UP
        )
    # Nor when the row itself is turned into the other kind.
    Invitation.objects.update(purpose=InvitationPurpose.SET_UP)
    with pytest.raises(NotFound):
        inviting.read_link(
            invitation.id, token, platform=people.alice.platform, at=now, purpose=InvitationPurpose.SET_UP
        )


def test_a_lapsed_link_says_so(people: People) -> None:
    invitation = invite(people.alice)

    with pytest.raises(InvitationLapsed):
        inviting.read_link(invitation.id, token_of(invitation), platform=people.alice.platform, at=now + 30 * day)


def test_a_used_link_leads_to_signing_in(people: People) -> None:
    invitation = invite(people.alice)
    complete(begin(invitation))

    with pytest.raises(AlreadyRegistered):
        inviting.read_link(invitation.id, token_of(invitation), platform=people.alice.platform, at=now)


def test_a_link_opened_by_somebody_who_is_signed_in_is_not_spent(people: People) -> None:
    invitation = invite(people.alice)
    token, platform = token_of(invitation), people.alice.platform

    with pytest.raises(SignedInAsSomebodyElse):
        inviting.read_link(invitation.id, token, platform=platform, at=now, visitor=people.bob)

    assert inviting.read_link(invitation.id, token, platform=platform, at=now).is_open(at=now)


def test_a_closed_account_has_no_link(people: People) -> None:
    invitation = invite(people.alice)
    Account.objects.filter(id=invitation.account_id).update(state=State.CLOSED, registered_at=now)

    with pytest.raises(NotFound):
        inviting.read_link(invitation.id, token_of(invitation), platform=people.alice.platform, at=now)


def test_a_registered_person_has_no_invitation(people: People) -> None:
    gina = register(people.alice.platform, "gina@client.example", name="Gina")

    assert inviting.invitation_of(gina) is None
