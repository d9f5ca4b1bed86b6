"""Folders: what a row shows, and that a page costs the same however large the mailbox."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letterlock.domain.mailbox import listing, moving, reading, recalling, subjects
from letterlock.domain.mailbox.models import Draft, Folder, Message, Participation
from letterlock.domain.mailbox.seeing import Meter
from letterlock.foundation.kernel import transactions
from tests.cast import People, register
from tests.domain.mailbox.letters import client, fresh, later, place, send, sent_at


def inbox(account, **asked):
    return listing.folder_page(account, Folder.INBOX, at=later(60), **asked)


def test_a_row_of_the_inbox_shows_sender_subject_time_and_that_it_is_unread(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol], expires_at=sent_at + timedelta(days=6))
    (row,) = inbox(people.bob).rows
    assert (row.message_id, row.subject, row.people, row.more) == (
        message.id,
        "Quarterly figures",
        ("Alice Ashdown",),
        0,
    )
    assert (row.at, row.is_unread, row.is_own) == (sent_at, True, False)
    assert (row.is_recalled, row.is_expired, row.expires_at) == (False, False, sent_at + timedelta(days=6))
    assert (row.has_replied, row.meter) == (False, Meter(retrieved=0, people=2))


def test_a_row_of_sent_shows_three_recipients_and_how_many_more(people: People) -> None:
    crowd = [register(people.alice.platform, f"guest{number}@client.example", name="") for number in range(4)]
    message = send(people.alice, to=[people.carol, *crowd], bcc=[people.bob])
    reading.retrieve(message, by=people.bob, at=later(), client=client)
    (row,) = listing.folder_page(people.alice, Folder.SENT, at=later(60)).rows
    assert row.people == ("Carol Castell", "guest0@client.example", "guest1@client.example")
    assert (row.more, row.meter, row.is_own, row.is_unread) == (3, Meter(retrieved=1, people=6), True, False)


def test_one_who_was_removed_is_not_named_in_the_row(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    Participation.objects.filter(message=message, account=people.bob).update(removed_at=later())
    (row,) = listing.folder_page(people.alice, Folder.SENT, at=later(60)).rows
    assert row.people == ("Carol Castell",)


def test_marks_tell_what_became_of_a_message(people: People) -> None:
    recalled, expired = send(people.alice, to=[people.bob]), send(people.alice, to=[people.bob], expires_at=later(59))
    replied = send(people.alice, to=[people.bob])
    recalling.recall_message(recalled, reason="", destroy_own_copy=False, by=people.alice, at=later(2), client=client)
    Participation.objects.filter(message=replied, account=people.bob).update(replied_at=later(5))
    rows = {row.message_id: row for row in inbox(people.bob).rows}
    assert rows[recalled.id].is_recalled
    assert (rows[expired.id].is_expired, rows[expired.id].expires_at) == (True, None)
    assert rows[replied.id].has_replied


def test_one_sees_ones_own_folders_only(people: People) -> None:
    send(people.alice, to=[people.bob])
    assert [len(inbox(people.by_name(name)).rows) for name in ("bob", "carol", "mallory", "alice_at_globex")] == [
        1,
        0,
        0,
        0,
    ]


def test_pages_follow_one_another_and_lose_nothing(people: People) -> None:
    ids = [send(people.alice, to=[people.bob], at=later(number // 2)).id for number in range(7)]
    seen, after = [], ""
    while True:
        page = inbox(people.bob, after=after, limit=3)
        seen += [row.message_id for row in page.rows]
        send(people.alice, to=[people.bob], at=later(50))  # new mail at the head moves nothing
        if not (after := page.after):
            break
    assert sorted(seen) == sorted(ids)
    assert [fresh(Message(id=one)).sent_at for one in seen] == sorted((later(n // 2) for n in range(7)), reverse=True)


def test_fifty_rows_take_two_queries(people: People, django_assert_max_num_queries) -> None:
    for number in range(12):
        send(people.alice, to=[people.bob, people.carol], at=later(number))
    with django_assert_max_num_queries(2):
        assert len(listing.folder_page(people.alice, Folder.SENT, at=later(60)).rows) == 12
    with django_assert_max_num_queries(1):
        assert len(inbox(people.bob).rows) == 12


def test_the_page_is_read_through_its_index(people: People) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the planner of PostgreSQL reads a small table whole, whatever the index")
    send(people.alice, to=[people.bob])
    with CaptureQueriesContext(connection) as queries:
        inbox(people.bob)
    with connection.cursor() as cursor:
        plan = cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}").fetchall()
    assert "participation_by_folder" in str(plan)
    assert "TEMP B-TREE" not in str(plan)


def test_counts_are_unread_messages_of_the_inbox_and_drafts(people: People) -> None:
    first, second = send(people.alice, to=[people.bob]), send(people.alice, to=[people.bob])
    write_draft(people.bob)
    assert listing.counts_of(people.bob) == listing.Counts(inbox=2, drafts=1)
    reading.retrieve(first, by=people.bob, at=later(), client=client)
    moving.move(second, to=Folder.ARCHIVE, by=people.bob, at=later())
    assert listing.counts_of(people.bob) == listing.Counts(inbox=0, drafts=1)
    assert listing.counts_of(people.carol) == listing.Counts(inbox=0, drafts=0)


def test_counting_takes_two_queries(people: People, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(2):
        listing.counts_of(people.bob)


def test_drafts_are_listed_with_the_latest_saved_first(people: People) -> None:
    old = write_draft(people.alice, subject="First", saved_minutes=1)
    new = write_draft(people.alice, subject="Second", saved_minutes=9, to=[f"g{n}@client.example" for n in range(5)])
    page = listing.draft_page(people.alice)
    assert [(row.draft_id, row.subject) for row in page.rows] == [(new.id, "Second"), (old.id, "First")]
    assert (page.rows[0].people, page.rows[0].more) == (
        ("g0@client.example", "g1@client.example", "g2@client.example"),
        2,
    )
    assert listing.draft_page(people.carol).rows == ()


def test_a_row_can_be_shown_anew(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    assert listing.row_of(message, account=people.bob, at=later(60)) == inbox(people.bob).rows[0]
    assert place(message, people.bob).is_unread


def write_draft(author, *, subject: str = "", saved_minutes: float = 0, to: list[str] | None = None) -> Draft:
    draft = Draft(
        version=Draft.written_version,
        platform=author.platform,
        author=author,
        to=to or [],
        created_at=sent_at,
        saved_at=later(saved_minutes),
    )
    draft.sealed_subject = subjects.seal_subject(subject, platform_id=author.platform_id, object_id=draft.id)
    with transactions.writing():
        draft.save(force_insert=True)
    return draft
