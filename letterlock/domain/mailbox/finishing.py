"""Whether a letter is all there: a question to whoever presses "Send Secure", and no rule."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import cleaning, drafting
from letterlock.domain.mailbox.models import Draft
from letterlock.foundation.kernel.refusals import Kind, Refusal

no_subject = _("This letter has no subject.")
no_text = _("This letter has no text.")
nothing = _("This letter has neither a subject nor a text.")


class Unfinished(Refusal):
    """Not an error but a question. `lacks` says what is missing; `lacks_subject` where to go on writing."""

    kind = Kind.CONFLICT
    code = "mailbox.unfinished"
    sentence = _("{lacks} Nothing was sent; the draft is safe. Send it all the same?")

    def __init__(self, lacks: Any, *, lacks_subject: bool) -> None:
        super().__init__(lacks=str(lacks))
        self.lacks = lacks
        self.lacks_subject = lacks_subject


def demand_finished(draft: Draft, *, by: Account) -> None:
    """Refuse Unfinished to a letter without a subject, or with neither a word nor a picture in it."""
    content = drafting.open_draft(draft, by=by)
    has_text = bool(content.pictures or cleaning.text_of(content.html))
    lacking = {(False, False): nothing, (False, True): no_subject, (True, False): no_text}
    lacks = lacking.get((bool(content.subject), has_text))
    if lacks is not None:
        raise Unfinished(lacks, lacks_subject=not content.subject)
