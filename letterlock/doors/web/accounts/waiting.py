"""Where somebody goes who has just registered: to the message they were invited for."""

from django.http import HttpRequest
from django.urls import reverse

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox import finding
from letterlock.domain.mailbox.models import Folder, Participation
from letterlock.foundation.kernel.refusals import NotFound

longest_code = 20


def named_in(request: HttpRequest) -> str:
    """The code of the message that the mail with this link was about; it gives nobody anything."""
    return request.GET.get("message", "")[:longest_code]


def way_to_message(account: Account, *, code: str) -> str:
    """The message of this code, or the newest waiting one, or the inbox when all were taken away meanwhile."""
    try:
        return reverse("mailbox:message", args=[finding.message_of_code(code, viewer=account).id])
    except NotFound:
        return _way_to_newest(account)


def _way_to_newest(account: Account) -> str:
    waiting = Participation.objects.visible_to(account).filter(folder=Folder.INBOX).order_by("-sorted_at").first()
    if waiting is None:
        return reverse("mailbox:folder", args=[Folder.INBOX])
    return reverse("mailbox:message", args=[waiting.message_id])
