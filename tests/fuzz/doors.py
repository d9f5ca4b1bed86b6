"""Requests as anybody may write them: whatever comes, the answer is one of ours and never a defect."""

import json
from typing import Any
from uuid import UUID

from django.http.cookie import SimpleCookie
from hypothesis import strategies as st

from letterlock.domain.mailbox import drafting
from tests.cast import Browser, People, founded_at, stranger, visit
from tests.domain.mailbox.letters import send
from tests.fuzz.formats import anything
from tests.fuzz.fuzzing import Target
from tests.fuzz.texts import header, markup, typed_list, words

Given = dict[str, Any]
fields = ("version", "to", "cc", "bcc", "subject", "html", "text", "tracking", "lifetime", "under_way", "options")
values = st.one_of(words, markup, typed_list, anything, st.integers(-5, 5), st.sampled_from(["1", "on", "9" * 5000]))
draft_body = st.dictionaries(st.sampled_from(fields) | st.text(max_size=6), values, max_size=6)
raw_body = draft_body.map(json.dumps) | st.text(max_size=60) | st.sampled_from(["[" * 99_999, "NaN", '"\\ud800"', "{}"])
addressed = ["/folders/inbox/", "/folders/sent/", "/changes/", "/codes/", "/people/", "/folders/", "/sign-in/"]
asked = st.dictionaries(
    st.sampled_from(["after", "shown", "since", "code", "q", "current", "next", "challenge"]),
    words | st.integers().map(str) | st.sampled_from(["9" * 5000, "²", "٣", "-1", "1e5", "\x00", "//evil.example"]),
    max_size=3,
)
sent_headers = st.dictionaries(
    st.sampled_from(
        [
            "Accept-Language",
            "Accept",
            "User-Agent",
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "HX-Request",
            "HX-Current-URL",
            "HX-Target",
            "HX-Trigger-Name",
            "Referer",
            "Origin",
            "If-Modified-Since",
            "Range",
            "Sec-Fetch-Dest",
            "Content-Type",
        ]
    ),
    header | st.sampled_from(["true", "application/json", "iframe", "de;q=9" * 2000, "multipart/form-data"]),
    max_size=3,
)
cookies = st.dictionaries(
    st.sampled_from(
        ["__Host-letterlock", "__Host-letterlock-browser", "letterlock-zone", "messages", "django_language"]
    ),
    header,
    max_size=2,
)
links = st.tuples(
    st.sampled_from(["invitations", "set-up"]), st.integers(0, 2**128 - 1).map(lambda n: UUID(int=n)), words
)

names = ("pages", "hosts", "draft saves", "draft forms", "sign-in", "links", "cookies", "recalls")


def target_of(name: str, people: People) -> Target:
    """The target of this name, for this cast."""
    alice = visit(people.alice)
    nobody = stranger(people.alice.platform)
    draft = drafting.start_draft(by=people.alice, at=founded_at)
    message = send(people.alice, to=[people.bob])
    way = f"/drafts/{draft.id}/"
    made = {
        "pages": (
            st.tuples(st.sampled_from([*addressed, way]), asked, sent_headers),
            lambda one: alice.get(one[0], one[1], headers=one[2]),
        ),
        "hosts": (header, lambda host: nobody.get("/sign-in/", headers={"host": host})),
        "draft saves": (raw_body, lambda text: _post_json(alice, way, text)),
        "draft forms": (draft_body, lambda one: alice.post(way, {name: str(told) for name, told in one.items()})),
        "sign-in": (
            st.tuples(words, asked),
            lambda one: nobody.post("/sign-in/", {"address": one[0], "password": "", **one[1]}),
        ),
        "links": (links, lambda one: nobody.get("/" + "/".join(map(str, one)) + "/")),
        "cookies": (cookies, lambda given: _with_cookies(people, given)),
        "recalls": (words, lambda reason: alice.post(f"/messages/{message.id}/recall/", {"reason": reason * 20})),
    }
    inputs, ask = made[name]
    return Target(name=f"door: {name}", inputs=inputs, read=lambda given: _demand_answer(ask(given)))


def _post_json(browser: Browser, way: str, text: str) -> Any:
    return browser.post(way, text, content_type="application/json", headers={"Accept": "application/json"})


def _with_cookies(people: People, given: Given) -> Any:
    browser = stranger(people.alice.platform)
    browser.cookies = SimpleCookie()
    return browser.get("/sign-in/", headers={"Cookie": "; ".join(f"{one}={text}" for one, text in given.items())})


def _demand_answer(answer: Any) -> None:
    assert answer.status_code < 500, answer.status_code
    assert "Content-Security-Policy" in answer.headers
