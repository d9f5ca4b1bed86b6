"""Drafts: sealed from the first save, their author's alone, and never lost between two tabs."""

import json
from datetime import timedelta
from html import escape
from pathlib import Path
from uuid import uuid4

import pytest

from letterlock.domain.mailbox import answering, cleaning, composing, drafting, picturing, recalling, subjects, tidying
from letterlock.domain.mailbox.events import MailboxEvent
from letterlock.domain.mailbox.models import Draft, DraftKind, Part, Participation
from letterlock.domain.mailbox.tidying import DraftChanges
from letterlock.domain.policies import limits
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import NotFound, Refusal
from letterlock.foundation.outbox import working
from letterlock.foundation.outbox.models import Job
from letterlock.foundation.vault.keystore.models import Share
from letterlock.foundation.vault.sealing import Tampered
from tests.cast import People
from tests.domain.mailbox.desks import answer, draft_holders, everything_stored, mail, place, png, save, text, write
from tests.domain.mailbox.letters import later, send, sent_at
from tests.domain.mailbox.racing import together

naughty = Path(__file__).resolve().parents[4] / "shared/data/naughty-strings.json"
bob = "bob@client.example"
carol = "carol@acme.example"
dora = "dora@acme.example"
alice = "alice@acme.example"


def opened(draft: Draft, people: People) -> drafting.DraftContent:
    return drafting.open_draft(draft, by=people.alice)


def test_a_new_draft_is_empty_and_has_one_share(people: People) -> None:
    draft = drafting.start_draft(by=people.alice, at=sent_at)
    content = opened(draft, people)
    assert (content.subject, content.html, content.pictures) == ("", "", ())
    assert draft_holders(draft.id) == {people.alice.id}


def test_a_guest_starts_no_letter_and_reads_whom_to_answer(people: People) -> None:
    mail(people.alice, to=[bob])
    with pytest.raises(drafting.GuestsOnlyReply) as refused:
        drafting.start_draft(by=people.bob, at=sent_at)
    assert "Alice Ashdown (alice@acme.example)" in refused.value.explain()
    assert not Draft.objects.exists()


def test_a_guest_nobody_wrote_to_reads_a_whole_sentence_too(people: People) -> None:
    with pytest.raises(drafting.GuestsOnlyReply) as refused:
        drafting.start_draft(by=people.bob, at=sent_at)
    assert refused.value.explain().endswith("answer it.")


@pytest.mark.parametrize("name", ["alice", "carol", "dora", "mallory"])
def test_professionals_and_administrators_start_letters(people: People, name: str) -> None:
    assert drafting.start_draft(by=people.by_name(name), at=sent_at).author_id == people.by_name(name).id


def test_a_save_keeps_what_was_typed(people: People) -> None:
    draft = write(people.alice, to=[bob], cc=(carol,), bcc=(dora,), subject="Figures", reply_freeze=True)
    content = opened(draft, people)
    assert (draft.to, draft.cc, draft.bcc) == ([bob], [carol], [dora])
    assert (content.subject, content.html, draft.reply_freeze) == ("Figures", text, True)


def test_the_spaces_between_quotes_belong_to_the_address(people: People) -> None:
    draft = write(people.alice, to=['"a  b"@client.example', "  carol@acme.example\t"])
    assert draft.to == ['"a  b"@client.example', carol]


def test_only_what_changed_is_written(people: People) -> None:
    draft = write(people.alice, to=[bob], subject="Figures")
    body = bytes(Part.objects.get(owner_id=draft.id).sealed)
    changed = save(draft, people.alice, subject="New figures", html=text)
    assert bytes(Part.objects.get(owner_id=draft.id).sealed) == body
    assert bytes(changed.sealed_subject) != bytes(draft.sealed_subject)
    assert changed.version == draft.version + 1


def test_a_save_that_changes_nothing_writes_nothing(people: People) -> None:
    draft = write(people.alice, to=[bob], subject="Figures")
    assert save(draft, people.alice, to=(bob,), subject="Figures", html=text).version == draft.version


def test_each_save_seals_under_a_fresh_salt(people: People) -> None:
    draft = write(people.alice)
    first = bytes(Part.objects.get(owner_id=draft.id).sealed)
    save(save(draft, people.alice, html="<p>Other</p>"), people.alice, html=text)
    assert bytes(Part.objects.get(owner_id=draft.id).sealed) != first


def test_the_text_is_cleaned_when_saved_and_when_opened(people: People) -> None:
    draft = save(write(people.alice), people.alice, html="<p onclick=x()>Hi<script>alert(1)</script></p>")
    assert opened(draft, people).html == "<p>Hi</p>"
    body = composing.seal_html("<p>Hi<script>x</script></p>", draft=draft, key=composing.key_of(draft))
    Part.objects.filter(owner_id=draft.id).update(sealed=body.sealed)
    assert opened(draft, people).html == "<p>Hi</p>"


def test_a_subject_is_one_line_without_tricks(people: People) -> None:
    draft = write(people.alice, subject="  One\r\nBcc: x@y.example\t\u202egnp.exe\x00 ")
    assert opened(draft, people).subject == "One Bcc: x@y.example gnp.exe"


def test_what_no_database_takes_is_left_out(people: People) -> None:
    draft = write(people.alice, to=["b\x00ob@client.example", "\ud800", "  "], subject="a\ud800b\x00c")
    assert (draft.to, opened(draft, people).subject) == ([bob], "abc")


@pytest.mark.skipif(not naughty.exists(), reason="the list of naughty strings is not part of the project")
def test_naughty_strings_come_back_as_harmless_text(people: People) -> None:
    draft, strings = write(people.alice), json.loads(naughty.read_text())
    for begin in range(0, len(strings), 25):  # a save costs more than what is looked at
        some = strings[begin : begin + 25]
        html = "".join(f"<p>{escape(nasty)} {number}</p>" for number, nasty in enumerate(some))
        draft = save(draft, people.alice, subject=" ".join(some)[:200], html=html)
        content = opened(draft, people)
        assert "\n" not in content.subject
        lines = cleaning.text_of(content.html).splitlines()
        assert all(any(line.endswith(str(number)) for line in lines) for number in range(len(some)))
        assert "<script" not in content.html


def test_a_span_of_zero_means_that_a_letter_never_expires(people: People) -> None:
    draft = write(people.alice, lifetime=timedelta(days=7))
    assert draft.lifetime == timedelta(days=7)
    assert save(draft, people.alice, lifetime=timedelta(0)).lifetime is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"html": "x" * (limits.text_bytes + 1)}, tidying.TextTooLong),
        ({"html": "<b>x</b>" * tidying.most_tags}, tidying.TextTooComplex),
        ({"html": f"<p {'a ' * tidying.longest_tag}>"}, tidying.TagTooLong),
        ({"subject": "x" * (limits.subject_characters + 1)}, tidying.SubjectTooLong),
        ({"subject": "\x00" * 1025}, tidying.SubjectTooLong),
        ({"to": tuple(f"p{number}@x.example" for number in range(1001))}, tidying.TooManyRecipients),
        ({"lifetime": timedelta(days=-1)}, tidying.NotALifetime),
        ({"lifetime": timedelta(days=40000)}, tidying.NotALifetime),
    ],
)
def test_what_a_draft_cannot_hold_is_refused_and_nothing_is_saved(
    people: People, changes: dict[str, object], refusal: type[Refusal]
) -> None:
    draft = write(people.alice)
    with pytest.raises(refusal) as refused:
        save(draft, people.alice, **changes)
    assert "{" not in refused.value.explain()
    assert Draft.objects.get(id=draft.id).version == draft.version


def test_a_second_tab_loses_nothing(people: People) -> None:
    seen_by_both = write(people.alice, subject="First")
    save(seen_by_both, people.alice, html="<p>From tab one</p>")
    with pytest.raises(drafting.StaleDraft) as stale:
        save(seen_by_both, people.alice, html="<p>From tab two</p>", subject="Second")
    assert stale.value.content.html == "<p>From tab one</p>"
    assert stale.value.draft.version == seen_by_both.version + 1
    assert opened(seen_by_both, people).html == "<p>From tab one</p>"


def test_two_tabs_that_save_at_once_do_not_overwrite_each_other(people: People) -> None:
    draft = write(people.alice)
    changes = [f"<p>Tab {number}</p>" for number in range(4)]
    acts = [lambda html=html: save(draft, people.alice, html=html) for html in changes]
    answers = together(*acts)
    assert sum(isinstance(one, Draft) for one in answers) == 1
    assert sum(isinstance(one, drafting.StaleDraft) for one in answers) == 3


def test_a_save_whose_answer_was_lost_can_be_repeated(people: People) -> None:
    draft = write(people.alice)
    saved = save(draft, people.alice, html="<p>Once</p>", to=(carol,))
    again = save(draft, people.alice, html="<p>Once</p>", to=(carol,))
    assert again.version == saved.version


def test_keeping_both_makes_a_draft_of_ones_own(people: People) -> None:
    draft = write(people.alice, to=[bob], subject="First", reply_freeze=True)
    part = picturing.add_picture(draft, content=png, by=people.alice, at=sent_at)
    with_picture = f'{text}<img data-picture="{part.reference}">'
    save(draft, people.alice, html=with_picture)
    copy = drafting.copy_draft(draft, changes=DraftChanges(subject="Mine"), by=people.alice, at=sent_at)
    assert copy.id != draft.id
    assert (opened(copy, people).subject, opened(copy, people).html) == ("Mine", with_picture)
    assert (copy.to, copy.reply_freeze, copy.version) == ([bob], True, 2)
    assert picturing.open_picture(copy, part.reference, by=people.alice).content == png
    drafting.discard_draft(draft, by=people.alice, at=sent_at)
    assert picturing.open_picture(copy, part.reference, by=people.alice).content == png
    assert draft_holders(copy.id) == {people.alice.id}


def test_discarding_destroys_the_key_and_the_rows(people: People) -> None:
    draft = write(people.alice)
    picturing.add_picture(draft, content=png, by=people.alice, at=sent_at)
    drafting.discard_draft(draft, by=people.alice, at=sent_at)
    assert not Draft.objects.filter(id=draft.id).exists()
    assert not Part.objects.filter(owner_id=draft.id).exists()
    assert draft_holders(draft.id) == set()


def test_a_discarded_draft_is_gone_and_discarding_again_says_so(people: People) -> None:
    draft = write(people.alice)
    drafting.discard_draft(draft, by=people.alice, at=sent_at)
    with pytest.raises(NotFound):
        drafting.discard_draft(draft, by=people.alice, at=sent_at)


def test_a_key_that_could_not_be_destroyed_at_once_is_destroyed_by_the_outbox(
    people: People, unwritable_journal
) -> None:
    draft = write(people.alice)
    drafting.discard_draft(draft, by=people.alice, at=sent_at)
    assert draft_holders(draft.id) == {people.alice.id}
    unwritable_journal()
    working.run_due_jobs(at=later())
    assert draft_holders(draft.id) == set()
    assert not Job.objects.filter(topic=MailboxEvent.DRAFT_CLOSED).exists()


def test_the_job_never_takes_the_key_of_a_draft_that_is_there(people: People) -> None:
    draft = write(people.alice)
    with pytest.raises(RuntimeError):
        composing.destroy_key(draft.id, platform_id=draft.platform_id, at=sent_at)
    assert draft_holders(draft.id) == {people.alice.id}


@pytest.mark.parametrize("name", ["bob", "carol", "dora", "mallory", "alice_at_globex"])
def test_nobody_else_reaches_a_draft(people: People, name: str) -> None:
    draft, by = write(people.alice), people.by_name(name)
    part = picturing.add_picture(draft, content=png, by=people.alice, at=sent_at)
    acts = [
        lambda: drafting.open_draft(draft, by=by),
        lambda: save(draft, by, subject="Mine"),
        lambda: drafting.copy_draft(draft, changes=DraftChanges(), by=by, at=sent_at),
        lambda: drafting.discard_draft(draft, by=by, at=sent_at),
        lambda: picturing.add_picture(draft, content=png, by=by, at=sent_at),
        lambda: picturing.open_picture(draft, part.reference, by=by),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()
    assert Draft.objects.count() == 1


def test_nothing_of_a_draft_is_in_the_database_in_the_clear(people: People) -> None:
    marker = "Xylophone-Marmalade"
    draft = write(people.alice, to=[bob], subject=f"S {marker}", html=f"<p>{marker}</p>")
    picturing.add_picture(draft, content=b"\x89PNG\r\n\x1a\n" + marker.encode(), by=people.alice, at=sent_at)
    stored = list(everything_stored())
    assert any(bob.encode() in cell for cell in stored)
    assert not any(marker.encode() in cell for cell in stored)


def test_a_part_opens_only_where_it_belongs(people: People) -> None:
    draft = write(people.alice)
    part = picturing.add_picture(draft, content=png, by=people.alice, at=sent_at)
    Part.objects.filter(id=part.id).update(media_type="text/html")
    with pytest.raises(Tampered):
        picturing.open_picture(draft, part.reference, by=people.alice)
    Part.objects.filter(id=part.id).update(media_type="image/png", reference=uuid4())
    moved = Part.objects.get(id=part.id)
    with pytest.raises(Tampered):
        picturing.open_picture(draft, moved.reference, by=people.alice)


def test_a_draft_nobody_gave_a_subject_has_none() -> None:
    assert subjects.subject_of(Draft()) == ""


# Answers


def test_a_reply_goes_to_the_sender_with_the_subject_marked_once(people: People) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.carol], subject="Figures")
    draft = drafting.start_reply(message, kind=DraftKind.REPLY, by=people.bob, at=sent_at)
    assert (draft.to, draft.cc, draft.bcc) == ([alice], [], [])
    assert subjects.subject_of(draft) == "Re: Figures"
    again = send(people.bob, to=[people.alice], subject="RE: Figures")
    assert subjects.subject_of(answer(again, people.alice)) == "RE: Figures"


def test_a_reply_copies_no_text(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    draft = drafting.start_reply(message, kind=DraftKind.REPLY, by=people.bob, at=sent_at)
    assert drafting.open_draft(draft, by=people.bob).html == ""
    assert draft.parent_id == message.id


def test_a_reply_to_all_goes_to_everybody_openly_in_it(people: People) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.carol], bcc=[people.dora])
    draft = drafting.start_reply(message, kind=DraftKind.REPLY_ALL, by=people.bob, at=sent_at)
    assert (draft.to, draft.cc, draft.bcc) == ([alice], [carol], [])
    theirs = drafting.start_reply(message, kind=DraftKind.REPLY_ALL, by=people.carol, at=sent_at)
    assert (theirs.to, theirs.cc) == ([alice, bob], [])


def test_the_senders_own_reply_goes_to_those_it_was_sent_to(people: People) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.carol], bcc=[people.dora])
    draft = drafting.start_reply(message, kind=DraftKind.REPLY, by=people.alice, at=sent_at)
    to_all = drafting.start_reply(message, kind=DraftKind.REPLY_ALL, by=people.alice, at=sent_at)
    assert (draft.to, draft.cc) == ([bob], [])
    assert (to_all.to, to_all.cc, to_all.bcc) == ([bob], [carol], [])


def test_somebody_who_was_bccd_answers_the_sender_only(people: People) -> None:
    message = send(people.alice, to=[people.bob], bcc=[people.carol])
    with pytest.raises(answering.BccCannotReplyAll):
        drafting.start_reply(message, kind=DraftKind.REPLY_ALL, by=people.carol, at=sent_at)
    assert drafting.start_reply(message, kind=DraftKind.REPLY, by=people.carol, at=sent_at).to == [alice]


def test_under_reply_freeze_only_the_sender_writes_to_all(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol], reply_freeze=True)
    with pytest.raises(answering.ReplyFrozen):
        drafting.start_reply(message, kind=DraftKind.REPLY_ALL, by=people.carol, at=sent_at)
    assert drafting.start_reply(message, kind=DraftKind.REPLY, by=people.carol, at=sent_at).to == [alice]
    assert drafting.start_reply(message, kind=DraftKind.REPLY_ALL, by=people.alice, at=sent_at).to == [bob, carol]


def test_a_reply_inherits_the_options_and_cannot_change_them(people: People) -> None:
    options = {"tracking": True, "share_tracking": False, "reply_freeze": True, "lifetime": timedelta(days=7)}
    message = send(people.alice, to=[people.bob], **options)
    draft = drafting.start_reply(message, kind=DraftKind.REPLY, by=people.bob, at=sent_at)
    assert {name: getattr(draft, name) for name in options} == options
    same = save(draft, people.bob, reply_freeze=True, lifetime=timedelta(days=7), subject="Still")
    for change in ({"reply_freeze": False}, {"tracking": False}, {"lifetime": timedelta(0)}):
        with pytest.raises(drafting.OptionsAreFixed):
            save(same, people.bob, **change)
    assert Draft.objects.get(id=draft.id).reply_freeze


@pytest.mark.parametrize("name", ["carol", "dora", "mallory", "alice_at_globex"])
def test_who_has_no_part_in_a_message_cannot_answer_it(people: People, name: str) -> None:
    message = send(people.alice, to=[people.bob])
    with pytest.raises(NotFound):
        drafting.start_reply(message, kind=DraftKind.REPLY, by=people.by_name(name), at=sent_at)


def test_a_recalled_or_expired_message_cannot_be_answered(people: People) -> None:
    recalled = send(people.alice, to=[people.bob])
    recalling.recall_message(recalled, reason="", destroy_own_copy=False, by=people.alice, at=later())
    expired = send(people.alice, to=[people.bob], expires_at=later(1))
    for message in (recalled, expired):
        with pytest.raises(answering.ParentGone):
            drafting.start_reply(message, kind=DraftKind.REPLY, by=people.bob, at=later(2))


def test_a_purged_message_cannot_be_answered(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    Participation.objects.filter(id=place(message, people.bob).id).update(purged_at=later())
    with pytest.raises(NotFound):
        drafting.start_reply(message, kind=DraftKind.REPLY, by=people.bob, at=later(2))


def test_a_draft_opens_no_transaction_inside_another(people: People) -> None:
    with transactions.writing(), pytest.raises(transactions.WrongTransaction):
        drafting.start_draft(by=people.alice, at=sent_at)


def test_a_draft_whose_key_was_lost_says_so_and_can_be_discarded(people: People) -> None:
    draft = write(people.alice)
    Share.objects.all().delete()
    with pytest.raises(composing.DraftKeyMissing):
        opened(draft, people)
    drafting.discard_draft(draft, by=people.alice, at=sent_at)
    assert not Draft.objects.exists()


def test_the_letter_of_somebody_else_is_no_way_to_read_it(people: People) -> None:
    draft = write(people.alice)
    Draft.objects.filter(id=draft.id).update(author=people.carol)
    with pytest.raises(composing.DraftKeyMissing):
        drafting.open_draft(draft, by=people.carol)
