"""Drafts: starting one, writing it, saving it, keeping both versions, throwing it away."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from letterlock.domain.mailbox import cleaning, drafting
from letterlock.domain.mailbox.models import Draft
from letterlock.doors.frame.requests import SignedInRequest, signed_in, wants_json
from letterlock.doors.web import desks
from letterlock.doors.web.mailbox import own_drafts, people, writing_forms


@require_POST
@signed_in
def start(request: SignedInRequest) -> HttpResponse:
    """An empty draft, and its page."""
    draft = drafting.start_draft(by=request.account, at=timezone.now())
    return redirect("mailbox:draft", draft.id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def draft(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """The compose page; a POST saves what changed."""
    found = own_drafts.draft_of(request, draft_id)
    return _save(request, found) if request.method == "POST" else _page(request, found)


@require_POST
@signed_in
def copy(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Keep both: what this page shows becomes a draft of its own."""
    written, found = writing_forms.read_draft(own_drafts.posted(request)), own_drafts.draft_of(request, draft_id)
    kept = drafting.copy_draft(found, changes=written.changes, by=request.account, at=timezone.now())
    messages.success(request, _("This is your version. The other one is in Drafts as well."))
    return redirect("mailbox:draft", kept.id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def discard(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Ask, then throw the draft away."""
    found = own_drafts.draft_of(request, draft_id)
    if request.method != "POST":
        return question(request, "mailbox/_discard.html", {"draft": found})
    drafting.discard_draft(found, by=request.account, at=timezone.now())
    messages.success(request, _("The draft is gone."))
    return redirect("mailbox:folder", "drafts")


def question(
    request: SignedInRequest, fragment: str, context: Mapping[str, Any], *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """A question before something happens: a dialog for htmx, a page of its own otherwise."""
    template = fragment if request.htmx else "mailbox/question.html"
    return desks.render(request, template, {**context, "fragment": fragment}, current="drafts", status=status)


def _save(request: SignedInRequest, found: Draft) -> HttpResponse:
    saves = writing_forms.read_saves(own_drafts.posted(request))
    version = saves[0].version
    for written in saves:
        found = drafting.save_draft(
            found, changes=written.changes, version=version, by=request.account, at=timezone.now()
        )
        version = found.version
    if wants_json(request):
        return JsonResponse({"version": found.version, "saved_at": found.saved_at.isoformat()})
    return redirect("mailbox:draft", found.id)


def _page(request: SignedInRequest, found: Draft) -> HttpResponse:
    content = drafting.open_draft(found, by=request.account)
    text = cleaning.text_of(content.html)
    context = {
        "draft": found,
        "content": content,
        "text": text,
        "text_digest": writing_forms.digest_of(text),
        "checked": people.check_draft(found, by=request.account),
        "spans": writing_forms.spans,
        # Every page has its own: pressing "Send Secure" twice on one page sends once.
        "idempotency_key": uuid4(),
    }
    return desks.render(request, "mailbox/draft.html", context, current="drafts")
