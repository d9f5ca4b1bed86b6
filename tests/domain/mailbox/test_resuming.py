"""Going back to a draft: opening one more leaves nothing behind, and what was written is never handed out as new."""

from datetime import timedelta

import pytest

from letterlock.domain.mailbox import changing, correcting, drafting, listing, resuming, tidying
from letterlock.domain.mailbox.changing import Changes
from letterlock.domain.mailbox.models import Draft, DraftKind
from letterlock.foundation.vault.keystore.models import Share
from tests.cast import People
from tests.domain.mailbox.desks import answer, mail, place, save, write
from tests.domain.mailbox.letters import later, send, sent_at


def listed(people: People) -> list[str]:
    return [row.subject for row in listing.draft_page(people.alice).rows]


def test_pressing_new_message_again_leads_to_the_letter_not_written_yet(people: People) -> None:
    first = drafting.start_draft(by=people.alice, at=sent_at)
    assert drafting.start_draft(by=people.alice, at=later()).id == first.id
    assert drafting.start_draft(by=people.carol, at=later()).id != first.id


def test_a_letter_somebody_has_written_in_is_never_handed_out_as_new(people: People) -> None:
    written = write(people.alice, subject="Figures")
    copied = drafting.copy_draft(written, changes=tidying.DraftChanges(), by=people.alice, at=sent_at)
    assert drafting.start_draft(by=people.alice, at=later()).id not in {written.id, copied.id}


def test_the_copy_for_a_correction_is_never_handed_out_as_new(people: People) -> None:
    message = mail(people.alice, to=["bob@client.example"], subject="Figures")
    correction = correcting.start_correction(message, by=people.alice, at=later())
    assert drafting.start_draft(by=people.alice, at=later()).id != correction.id
    assert listed(people) == ["Figures"]


def test_a_draft_nobody_has_written_in_is_in_no_list_and_no_count(people: People) -> None:
    draft = drafting.start_draft(by=people.alice, at=sent_at)
    assert (listed(people), listing.counts_of(people.alice).drafts) == ([], 0)
    save(draft, people.alice, subject="Figures")
    assert (listed(people), listing.counts_of(people.alice).drafts) == (["Figures"], 1)


def test_the_first_save_brings_the_count_of_drafts_up_to_date_on_every_page(people: People) -> None:
    draft = drafting.start_draft(by=people.alice, at=sent_at)
    before = changing.number_of(people.alice)
    saved = save(draft, people.alice, subject="Figures")
    assert changing.changes_since(people.alice, before) == Changes(
        number=before + 1, fragments=("folders", "list:drafts")
    )
    save(saved, people.alice, subject="More figures")
    assert changing.changes_since(people.alice, before + 1) == Changes(number=before + 2, fragments=("list:drafts",))


@pytest.mark.parametrize("kind", [DraftKind.REPLY, DraftKind.REPLY_ALL])
def test_pressing_reply_again_leads_to_the_answer_one_has_begun(people: People, kind: DraftKind) -> None:
    message = send(people.alice, to=[people.carol], cc=[people.bob])
    begun = answer(message, people.carol, kind=kind)
    again = drafting.start_reply(message, kind=kind, by=people.carol, at=later())
    assert (again.id, again.version) == (begun.id, begun.version)


def test_an_answer_not_written_yet_goes_to_nobody_whose_address_was_corrected(people: People) -> None:
    message = mail(people.alice, to=["bob@client.example"], cc=("carol@acme.example",))
    begun = drafting.start_reply(message, kind=DraftKind.REPLY_ALL, by=people.carol, at=later())
    wrong = place(message, people.bob)
    correcting.correct_address(wrong, address="dora@acme.example", by=people.alice, at=later(), client="")
    again = drafting.start_reply(message, kind=DraftKind.REPLY_ALL, by=people.carol, at=later(2))
    assert (begun.to, again.to) == (
        ["alice@acme.example", "bob@client.example"],
        ["alice@acme.example", "dora@acme.example"],
    )
    assert drafting.start_reply(message, kind=DraftKind.REPLY_ALL, by=people.carol, at=later(3)).id == again.id


def test_reply_to_all_is_another_answer_than_reply(people: People) -> None:
    message = send(people.alice, to=[people.carol], cc=[people.bob])
    reply = drafting.start_reply(message, kind=DraftKind.REPLY, by=people.carol, at=later())
    to_all = drafting.start_reply(message, kind=DraftKind.REPLY_ALL, by=people.carol, at=later())
    assert (reply.cc, to_all.cc) == ([], ["bob@client.example"])


def test_correcting_an_answer_is_not_taken_for_answering_again(people: People) -> None:
    message = send(people.alice, to=[people.carol])
    sent = send(people.carol, to=[people.alice], parent=message)
    correction = correcting.start_correction(sent, by=people.carol, at=later())
    assert drafting.start_reply(message, kind=DraftKind.REPLY, by=people.carol, at=later()).id != correction.id


def test_after_a_week_a_draft_nobody_wrote_in_goes_with_its_key(people: People) -> None:
    message = send(people.alice, to=[people.carol])
    forgotten = drafting.start_reply(message, kind=DraftKind.REPLY, by=people.carol, at=sent_at)
    kept = write(people.carol, subject="Kept")
    at = sent_at + resuming.blank_kept
    drafting.start_draft(by=people.carol, at=at)
    assert Draft.objects.filter(id=forgotten.id).exists()
    Draft.objects.filter(author=people.carol, kind=DraftKind.NEW, version=Draft.blank_version).delete()
    drafting.start_draft(by=people.carol, at=at + timedelta(seconds=1))
    assert not Draft.objects.filter(id=forgotten.id).exists()
    assert not Share.objects.alive().filter(object_id=forgotten.id).exists()
    assert Draft.objects.filter(id=kept.id).exists()
