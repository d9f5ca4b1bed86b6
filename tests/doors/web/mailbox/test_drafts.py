"""Drafts through their pages: what a script posts, what a plain form posts, and who may."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from letterlock.domain.mailbox import drafting
from letterlock.domain.mailbox.models import Draft
from letterlock.doors.web.mailbox.writing_forms import digest_of
from tests.cast import People, visit


@pytest.fixture
def draft(people: People) -> Draft:
    return drafting.start_draft(by=people.alice, at=timezone.now())


def _save(browser: Client, draft: Draft, **fields: Any) -> HttpResponse:
    return browser.post(
        f"/drafts/{draft.id}/",
        json.dumps(fields),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def _content(draft: Draft, people: People) -> drafting.DraftContent:
    return drafting.open_draft(draft, by=people.alice)


def test_a_script_saves_only_what_it_names(people: People, draft: Draft) -> None:
    browser = visit(people.alice)
    assert _save(browser, draft, version=1, subject="One", html="<p>Two</p>").json()["version"] == 2
    answer = _save(browser, draft, version=2, to="bob@client.example, Carol <carol@acme.example>", lifetime="7")
    draft.refresh_from_db()
    assert answer.json()["version"] == 3
    assert draft.to == ["bob@client.example", "carol@acme.example"]
    assert draft.lifetime == timedelta(days=7)
    assert (_content(draft, people).subject, _content(draft, people).html) == ("One", "<p>Two</p>")


def test_a_pasted_nul_keeps_nothing_from_being_saved(people: People, draft: Draft) -> None:
    answer = _save(
        visit(people.alice), draft, version=1, to="b\x00ob@client.example", subject="On\x00e", html="<p>Two</p>"
    )
    draft.refresh_from_db()
    assert (answer.status_code, draft.to, _content(draft, people).subject) == (200, ["bob@client.example"], "One")


def test_the_field_of_the_subject_takes_what_a_subject_may_be(people: People, draft: Draft) -> None:
    longest = "x" * 255
    _save(visit(people.alice), draft, version=1, subject=longest)
    page = visit(people.alice).get(f"/drafts/{draft.id}/").content.decode()
    assert f'value="{longest}" maxlength="255"' in page


def test_what_is_too_long_is_no_matter_of_waiting(people: People, draft: Draft) -> None:
    browser = visit(people.alice)
    refused = browser.post(f"/drafts/{draft.id}/", {"version": "1", "subject": "x" * 300})
    assert refused.status_code == 422
    assert "Retry-After" not in refused.headers
    assert "longer than 255 characters" in refused.content.decode()
    assert "Please wait" not in refused.content.decode()


@pytest.mark.parametrize("arrives_first", ["the save under way", "the last words"])
def test_the_last_words_of_a_page_are_kept_though_its_save_is_under_way(
    people: People, draft: Draft, arrives_first: str
) -> None:
    browser, under_way = visit(people.alice), {"subject": "Half", "reply_freeze": "on"}
    last_words = {**under_way, "html": "<p>Only begun</p>", "subject": "Half a letter", "under_way": under_way}
    saves = [under_way, last_words] if arrives_first == "the save under way" else [last_words, under_way]
    for save in saves:
        _save(browser, draft, version=1, **save)
    draft.refresh_from_db()
    assert (_content(draft, people).subject, _content(draft, people).html) == ("Half a letter", "<p>Only begun</p>")
    assert draft.reply_freeze


def test_last_words_do_not_overwrite_another_window(people: People, draft: Draft) -> None:
    browser = visit(people.alice)
    _save(browser, draft, version=1, subject="Of another window")
    answer = _save(browser, draft, version=1, subject="Last words", under_way={"subject": "Last"})
    assert answer.status_code == 409
    assert _content(draft, people).subject == "Of another window"


def test_switches_that_a_script_does_not_name_stay_and_one_that_is_off_is_empty(people: People, draft: Draft) -> None:
    browser = visit(people.alice)
    _save(browser, draft, version=1, share_tracking="")
    draft.refresh_from_db()
    assert (draft.tracking, draft.share_tracking) == (True, False)


def test_a_plain_form_turns_off_the_switches_it_leaves_out(people: People, draft: Draft) -> None:
    given = {"version": 1, "options": "shown", "reply_freeze": "on", "text": "First\r\n\r\nSecond <b>", "lifetime": ""}
    answer = visit(people.alice).post(f"/drafts/{draft.id}/", given)
    draft.refresh_from_db()
    assert answer.headers["Location"] == f"/drafts/{draft.id}/"
    assert (draft.tracking, draft.share_tracking, draft.reply_freeze) == (False, False, True)
    assert "Second &lt;b&gt;" in _content(draft, people).html


def test_a_formatted_letter_survives_a_plain_form_that_has_not_changed_its_text(people: People, draft: Draft) -> None:
    browser = visit(people.alice)
    _save(browser, draft, version=1, html="<p><b>Bold</b></p>")
    browser.post(f"/drafts/{draft.id}/", {"version": 2, "text": "Bold\r\n", "text_digest": digest_of("Bold")})
    assert _content(draft, people).html == "<p><b>Bold</b></p>"


def test_another_window_is_never_overwritten(people: People, draft: Draft) -> None:
    browser = visit(people.alice)
    _save(browser, draft, version=1, subject="From the first")
    answer = _save(browser, draft, version=1, subject="From the second")
    assert answer.status_code == 409
    assert answer.json()["code"] == "mailbox.stale_draft"
    assert _content(draft, people).subject == "From the first"
    kept = browser.post(f"/drafts/{draft.id}/copy/", {"version": 1, "subject": "From the second"})
    copy = Draft.objects.exclude(id=draft.id).get()
    assert kept.headers["Location"] == f"/drafts/{copy.id}/"
    assert _content(copy, people).subject == "From the second"


def test_half_an_emoji_does_not_keep_the_rest_from_being_saved(people: People, draft: Draft) -> None:
    given = {"to": "x\ud800@client.example", "subject": "A\ud800B", "text": "C\ud800D"}
    assert _save(visit(people.alice), draft, version=1, **given).status_code == 200
    assert (_content(draft, people).subject, _content(draft, people).html) == ("A?B", "<p>C?D</p>")


unreadable = [
    *("[]", "not json", '{"subject": "no version"}', '{"version": "x"}', '{"version": 1, "under_way": "x"}'),
    '{"version": 1, "lifetime": 1000000000000}',
    '{"version": 1, "subject": ' + "[" * 200_000,
]


@pytest.mark.parametrize("body", unreadable, ids=range(len(unreadable)))
def test_what_our_pages_do_not_write_is_refused_with_a_sentence(people: People, draft: Draft, body: str) -> None:
    answer = visit(people.alice).post(
        f"/drafts/{draft.id}/", body, content_type="application/json", headers={"accept": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "web.unreadable_draft"


@pytest.mark.parametrize("name", ["bob", "carol", "dora", "mallory", "alice_at_globex"])
@pytest.mark.parametrize("rest", ["", "discard/", "pictures/", "recipients/", "sending/", "copy/"])
def test_a_draft_is_its_authors_alone(people: People, draft: Draft, name: str, rest: str) -> None:
    browser = visit(people.by_name(name))
    given = {"version": 1, "idempotency_key": "0197f5a0-0000-7000-8000-000000000000"}
    assert browser.post(f"/drafts/{draft.id}/{rest}", given).status_code == 404
    assert Draft.objects.filter(id=draft.id).exists()


def test_a_guest_starts_no_letter(people: People) -> None:
    assert visit(people.bob).post("/drafts/").status_code == 403
    assert Draft.objects.count() == 0


def test_discarding_asks_first(people: People, draft: Draft) -> None:
    browser = visit(people.alice)
    assert "Discard this draft?" in browser.get(f"/drafts/{draft.id}/discard/").content.decode()
    assert Draft.objects.filter(id=draft.id).exists()
    assert browser.post(f"/drafts/{draft.id}/discard/").status_code == 302
    assert not Draft.objects.filter(id=draft.id).exists()


def test_nothing_is_shown_whose_function_is_not_there(people: People, draft: Draft) -> None:
    page = visit(people.alice).get(f"/drafts/{draft.id}/").content.decode()
    for absent in ("Forward", "Confidential", "FYEO", "Select files", "E-SIGNATURE", "Send later"):
        assert absent not in page
