"""A person's own drafts, and what their pages post."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from letterlock.domain.mailbox.models import Draft
from letterlock.doors.frame.requests import SignedInRequest
from letterlock.doors.web.mailbox.writing_forms import Unreadable
from letterlock.foundation.kernel.refusals import NotFound


def draft_of(request: SignedInRequest, draft_id: UUID) -> Draft:
    """One's own draft. Raises NotFound for every other."""
    found = Draft.objects.visible_to(request.account).filter(id=draft_id).select_related("platform", "parent").first()
    if found is None:
        raise NotFound
    return found


def posted(request: SignedInRequest) -> Mapping[str, Any]:
    """The fields of a form, whether a script posted them or the browser itself. Raises Unreadable."""
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        # Half a surrogate pair, as a cut emoji leaves it, is taken by no database: a question mark stands in for it.
        text = json.dumps(json.loads(request.body), ensure_ascii=False).encode(errors="replace")
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(fields, dict):
        raise Unreadable
    return fields
