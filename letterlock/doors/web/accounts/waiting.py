"""Where somebody goes who has just registered: to the message they were invited for."""

from django.urls import reverse

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox.models import Folder, Participation


def way_to_message(account: Account) -> str:
    """The newest waiting message, or the inbox when all were taken away meanwhile."""
    waiting = Participation.objects.visible_to(account).filter(folder=Folder.INBOX).order_by("-sorted_at").first()
    if waiting is None:
        return reverse("mailbox:folder", args=[Folder.INBOX])
    return reverse("mailbox:message", args=[waiting.message_id])
