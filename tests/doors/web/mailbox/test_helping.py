"""What the sender can do for somebody who has not got the message."""

import pytest

from letterlock.domain.mailbox.models import Participation
from letterlock.foundation.kernel import transactions
from tests.cast import People, visit
from tests.domain.mailbox.letters import later, send
from tests.doors.web.mailbox.doors import address_of, htmx, place_of


def stuck(people: People):
    """A message whose mail to Bob came back."""
    message = send(people.alice, to=[people.bob], cc=[people.carol])
    with transactions.writing():
        Participation.objects.filter(id=place_of(message, people.bob).id).update(
            not_delivered_at=later(), not_delivered_because="550 5.1.1 no such user <bob>"
        )
    return message


def test_the_sender_reads_the_servers_words_and_what_helps(people: People) -> None:
    slip = visit(people.alice).get(address_of(stuck(people), "slip/"), headers=htmx).content.decode()

    assert "550 5.1.1 no such user &lt;bob&gt;" in slip
    assert "Correct the address" in slip


@pytest.mark.parametrize("rest", ["address/", "invitation/"])
@pytest.mark.parametrize("name", ["bob", "carol", "dora", "mallory"])
def test_only_the_sender_can_help_a_recipient(people: People, name: str, rest: str) -> None:
    message = stuck(people)
    about = address_of(message, f"people/{place_of(message, people.bob).id}/{rest}")
    browser = visit(people.by_name(name))

    assert browser.post(about, {"address": "robert@client.example"}).status_code == 404
    if rest == "address/":
        assert browser.get(about).status_code == 404


def test_a_wrong_address_is_said_beside_the_field(people: People) -> None:
    message = stuck(people)
    about = address_of(message, f"people/{place_of(message, people.bob).id}/address/")

    response = visit(people.alice).post(about, {"address": "robert at client"})

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert "robert at client" in response.content.decode()


def test_a_corrected_address_gets_the_message(people: People) -> None:
    message = stuck(people)
    about = address_of(message, f"people/{place_of(message, people.bob).id}/address/")

    response = visit(people.alice).post(about, {"address": "robert@client.example"})

    assert response["Location"] == address_of(message)
    addresses = {place.account.address for place in message.participations.filter(removed_at=None)}
    assert "robert@client.example" in addresses
    assert visit(people.bob).get(address_of(message)).status_code == 404
