"""The feed: a number that grows, and the names of what to fetch again."""

import pytest

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import changing, jobs, moving, reading, recalling
from letterlock.domain.mailbox.changing import Changes
from letterlock.domain.mailbox.models import ChangeFeed, Folder
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.transactions import WrongTransaction
from tests.cast import People, register
from tests.domain.mailbox.letters import client, later, send, sent_at
from tests.domain.mailbox.racing import together


def stir(*accounts, fragments) -> None:
    with transactions.writing():
        changing.stir([account.id for account in accounts], fragments=fragments)


def test_a_page_is_told_what_changed_since_its_number(people: People) -> None:
    assert changing.number_of(people.bob) == 0
    assert changing.changes_since(people.bob, 0) is None
    stir(people.bob, fragments=["folders", "list:inbox"])
    stir(people.bob, fragments=["folders"])
    assert changing.changes_since(people.bob, 0) == Changes(number=2, fragments=("folders", "list:inbox"))
    assert changing.changes_since(people.bob, 1) == Changes(number=2, fragments=("folders",))
    assert changing.changes_since(people.bob, 2) is None


def test_changes_are_ones_own(people: People) -> None:
    stir(people.bob, fragments=["folders"])
    assert changing.changes_since(people.carol, 0) is None


def test_a_number_from_the_future_fetches_the_whole_page(people: People) -> None:
    """As after a restore of the database."""
    assert changing.changes_since(people.bob, 7) == Changes(number=0, fragments=("page",))
    stir(people.bob, fragments=["folders"])
    assert changing.changes_since(people.bob, 7) == Changes(number=1, fragments=("page",))


def test_a_row_stays_small_and_says_when_it_has_forgotten(people: People) -> None:
    for number in range(changing.kept_fragments + 10):
        stir(people.bob, fragments=[f"message:{number}"])
    feed = ChangeFeed.objects.get(account=people.bob)
    assert len(feed.fragments) == changing.kept_fragments + 1
    current = changing.number_of(people.bob)
    assert changing.changes_since(people.bob, 9) == Changes(number=current, fragments=("page",))
    known = changing.changes_since(people.bob, 10)
    assert known
    assert len(known.fragments) == changing.kept_fragments


def test_asking_reads_one_row(people: People, django_assert_num_queries) -> None:
    stir(people.bob, fragments=["folders"])
    with django_assert_num_queries(1):
        changing.changes_since(people.bob, 0)


def test_five_hundred_people_are_stirred_with_five_queries(people: People, django_assert_max_num_queries) -> None:
    platform = people.alice.platform
    crowd = [
        Account(platform=platform, address=f"g{number}@client.example", created_at=sent_at) for number in range(500)
    ]
    with transactions.writing():
        Account.objects.bulk_create(crowd)
    # On SQLite a statement takes 999 values, so that each of the two writes is made in two pieces.
    with transactions.writing(), django_assert_max_num_queries(5):
        changing.stir([account.id for account in crowd], fragments=["folders", "list:inbox"])
    assert set(ChangeFeed.objects.values_list("number", flat=True)) == {1}


def test_stirring_outside_of_a_transaction_is_a_defect(people: People) -> None:
    with pytest.raises(WrongTransaction):
        changing.stir([people.bob.id], fragments=["folders"])


def test_people_who_stir_each_other_do_not_wait_for_each_other(people: People) -> None:
    ways = [[people.alice, people.bob, people.carol], [people.carol, people.bob, people.alice]] * 3
    answers = together(*[lambda way=way: stir(*way, fragments=["folders"]) for way in ways])
    assert answers == [None] * len(ways)
    assert set(ChangeFeed.objects.values_list("number", flat=True)) == {len(ways)}


def test_opening_changes_the_senders_slip_and_the_readers_folders(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    reading.retrieve(message, by=people.bob, at=later(), client=client)
    named = f"message:{message.id}"
    assert fragments(people.alice) == {"list:sent", named}
    assert fragments(people.bob) == {"folders", "list:inbox", named}
    assert fragments(people.carol) == {"list:inbox", named}


def test_with_tracking_off_opening_changes_nothing_for_the_others(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol], tracking=False)
    reading.retrieve(message, by=people.bob, at=later(), client=client)
    assert (fragments(people.alice), fragments(people.carol)) == (set(), set())


def test_a_recall_changes_everybodys_page(people: People) -> None:
    message = send(people.alice, to=[people.bob], bcc=[people.carol])
    moving.move(message, to=Folder.ARCHIVE, by=people.carol, at=later())
    numbers = {account.id: changing.number_of(account) for account in (people.alice, people.bob, people.carol)}
    recalling.recall_message(message, reason="", destroy_own_copy=False, by=people.alice, at=later(), client=client)
    for account, its_list in ((people.alice, "list:sent"), (people.bob, "list:inbox"), (people.carol, "list:archive")):
        found = changing.changes_since(account, numbers[account.id])
        assert found
        assert set(found.fragments) == {its_list, f"message:{message.id}"}


def test_in_a_crowd_an_opening_stirs_the_sender_and_the_reader_only(people: People) -> None:
    crowd = [register(people.alice.platform, f"guest{number}@client.example", name="") for number in range(20)]
    message = send(people.alice, to=[people.bob, *crowd])
    reading.retrieve(message, by=people.bob, at=later(), client=client)
    assert set(ChangeFeed.objects.values_list("account", flat=True)) == {people.alice.id, people.bob.id}


def fragments(account) -> set[str]:
    found = changing.changes_since(account, 0)
    return set(found.fragments) if found else set()


def test_the_slips_of_somebody_who_registers_are_fetched_anew(people: People) -> None:
    """Until then they showed an address, now a name; a Bcc's is on the sender's slip alone."""
    message = send(people.alice, to=[people.carol], bcc=[people.bob])
    before = {one: changing.number_of(one) for one in (people.alice, people.carol)}
    jobs.show_the_new_name(account_id=str(people.bob.id), at=later())
    told = changing.changes_since(people.alice, before[people.alice])
    assert told is not None
    assert f"message:{message.id}" in told.fragments
    assert changing.changes_since(people.carol, before[people.carol]) is None
