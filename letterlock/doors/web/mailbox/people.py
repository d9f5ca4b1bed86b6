"""Whom one writes to: completion while typing, and what is said of each recipient."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import checking, completing
from letterlock.domain.mailbox.answering import ParentGone
from letterlock.domain.mailbox.checking import RecipientVerdict
from letterlock.domain.mailbox.models import Draft
from letterlock.doors.frame.requests import SignedInRequest, signed_in
from letterlock.doors.web.mailbox import own_drafts, writing_forms

#: The Delivery Slip names so many new people; the others it counts.
named_in_line = 3


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What is said of a draft's recipients: a verdict each, and the line of the Delivery Slip."""

    verdicts: Sequence[RecipientVerdict]
    line: str

    def of(self, typed: Sequence[str]) -> list[dict[str, str]]:
        """The verdicts on these recipients, as the chips read them."""
        return [told for told in self.told() if told["typed"] in typed]

    def told(self) -> list[dict[str, str]]:
        """All verdicts, as the chips read them."""
        return [{name: str(value) for name, value in asdict(verdict).items()} for verdict in self.verdicts]


@require_safe
@signed_in
def complete(request: SignedInRequest) -> HttpResponse:
    """People one has written with whose name or address is like `q`."""
    found = completing.people_like(request.account, request.GET.get("q", "")[:200])
    return JsonResponse({"people": [{"name": person.name, "address": person.address} for person in found]})


@require_POST
@signed_in
def check(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """What is said of the recipients as they stand in the page. Changes nothing: POST, so that no log has addresses."""
    found = own_drafts.draft_of(request, draft_id)
    checked = check_recipients(writing_forms.read_recipients(request.POST), draft=found, by=request.account)
    return JsonResponse({"verdicts": checked.told(), "line": checked.line})


def check_draft(draft: Draft, *, by: Account) -> Checked:
    """What is said of the recipients as they are saved. An answer to something taken back can still be read."""
    try:
        return check_recipients([*draft.to, *draft.cc, *draft.bcc], draft=draft, by=by)
    except ParentGone as gone:
        return Checked(verdicts=(), line=gone.explain())


def check_recipients(typed: Sequence[str], *, draft: Draft, by: Account) -> Checked:
    """A verdict on each recipient, and for whom recall will work and who has no account yet."""
    verdicts = checking.check_recipients(list(typed), by=by, draft=draft)
    return Checked(verdicts=verdicts, line=_line(verdicts, by=by))


def _line(verdicts: Sequence[RecipientVerdict], *, by: Account) -> str:
    people = [verdict for verdict in verdicts if verdict.state in {"known", "new"}]
    new = [verdict.shown for verdict in people if verdict.state == "new"]
    if not people:
        return ""
    return " ".join(sentence for sentence in (_recall_line(len(people), by=by), _new_line(new)) if sentence)


def _recall_line(count: int, *, by: Account) -> str:
    if not by.may_write_to_anybody:
        return ngettext("It is sealed for one person.", "It is sealed for {count} people.", count).format(count=count)
    return ngettext(
        "You can recall it from the one person you write to, also after it was opened.",
        "You can recall it from all {count} people, also after it was opened.",
        count,
    ).format(count=count)


def _new_line(new: Sequence[str]) -> str:
    if not new:
        return ""
    named = ", ".join(new[:named_in_line])
    if len(new) > named_in_line:
        named += " " + _("and {count} more").format(count=len(new) - named_in_line)
    return ngettext("No account yet, so invited: {named}.", "No accounts yet, so invited: {named}.", len(new)).format(
        named=named
    )
