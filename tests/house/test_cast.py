"""The cast and the stores behave as every other test assumes."""

from letterlock.domain.accounts.models import Account
from letterlock.domain.platforms.models import Platform
from tests.cast import People, Platforms


def test_the_same_address_is_two_people_on_two_platforms(people: People) -> None:
    assert people.alice.address == people.alice_at_globex.address
    assert people.alice.platform_id != people.alice_at_globex.platform_id


def test_stores_are_empty_at_the_start(stores: None) -> None:
    assert Platform.objects.count() == 0
    assert Account.objects.count() == 0


def test_platforms_answer_to_their_hosts(platforms: Platforms) -> None:
    assert platforms.acme.host == "acme.localhost"
