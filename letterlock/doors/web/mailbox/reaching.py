"""Finding a message through who asks for it."""

from uuid import UUID

from letterlock.domain.mailbox.models import Message
from letterlock.doors.frame.requests import SignedInRequest
from letterlock.foundation.kernel.refusals import NotFound


def message_of(request: SignedInRequest, message_id: UUID) -> Message:
    """A message the person takes part in. Raises NotFound for every other: not there and not yours are one answer."""
    found = Message.objects.visible_to(request.account).select_related("platform", "sender", "recall")
    message = found.filter(id=message_id).first()
    if message is None:
        raise NotFound
    return message
