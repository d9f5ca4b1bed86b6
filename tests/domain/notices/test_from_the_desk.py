"""From a draft to the mail and back: the rooms below, the outbox and a real mail server together."""

import re
from uuid import UUID

from letterlock.domain.accounts import inviting
from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import correcting
from letterlock.domain.mailbox.models import Participation
from tests.cast import People
from tests.domain.mailbox import desks
from tests.domain.mailbox.letters import later, place
from tests.domain.notices.conftest import Relay, Taken, work


def person(address: str) -> Account:
    account: Account = Account.objects.get(address=address)
    return account


def link_in(mail: Taken) -> tuple[UUID, str]:
    found = re.search(r"https://acme\.localhost/invitations/([0-9a-f-]{36})/([\w-]{43})/", mail.text)
    assert found
    return UUID(found[1]), found[2]


def test_a_new_person_is_mailed_a_link_that_leads_to_registering(people: People, relay: Relay) -> None:
    message = desks.mail(people.alice, to=("new@elsewhere.example", "bob@client.example"))
    work()
    [mail] = relay.mails_to("new@elsewhere.example")
    invitation_id, token = link_in(mail)
    invitation = inviting.read_link(invitation_id, token, platform=people.alice.platform, at=later(2))
    assert invitation.account == person("new@elsewhere.example")
    assert place(message, invitation.account).invited_at == later(1)
    assert place(message, people.bob).notified_at == later(1)


def test_a_corrected_address_is_mailed_in_place_of_the_wrong_one(people: People, relay: Relay) -> None:
    relay.at_recipient = "550 5.1.1 No such user"
    message = desks.mail(people.alice, to=("wrnog@elsewhere.example",))
    work()
    wrong = Participation.objects.get(message=message, account=person("wrnog@elsewhere.example"))
    assert wrong.not_delivered_because == "550 5.1.1 No such user"
    relay.at_recipient = ""
    correcting.correct_address(wrong, address="wrong@elsewhere.example", by=people.alice, at=later(2))
    work(minutes=3)
    assert [mail.recipients for mail in relay.taken] == [["wrong@elsewhere.example"]]
    assert place(message, person("wrong@elsewhere.example")).invited_at == later(3)


def test_an_invitation_sent_again_from_the_slip_is_mailed(people: People, relay: Relay) -> None:
    message = desks.mail(people.alice, to=("new@elsewhere.example",))
    work()
    newcomer = person("new@elsewhere.example")
    correcting.resend_invitation(place(message, newcomer), by=people.alice, at=later(2))
    work(minutes=3)
    first, second = relay.mails_to("new@elsewhere.example")
    assert link_in(first) != link_in(second)
    assert first.mail["X-Letterlock-Message"] == second.mail["X-Letterlock-Message"] == message.code


def test_an_invitation_sent_again_stands_on_the_slip_it_was_sent_from(people: People, relay: Relay) -> None:
    relay.at_recipient = "550 5.1.1 No such user"
    first, second = (desks.mail(people.alice, to=("new@elsewhere.example",)) for _ in range(2))
    work()
    newcomer = person("new@elsewhere.example")
    relay.at_recipient = ""
    correcting.resend_invitation(place(first, newcomer), by=people.alice, at=later(2))
    work(minutes=3)
    [mail] = relay.mails_to("new@elsewhere.example")
    assert mail.mail["X-Letterlock-Message"] == first.code
    assert (place(first, newcomer).invited_at, place(first, newcomer).not_delivered_at) == (later(3), None)
    assert place(second, newcomer).invited_at is None
