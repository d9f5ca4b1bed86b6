"""Finding a message by the code somebody read in a mail or on a slip."""

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox.models import Message
from letterlock.foundation.kernel.identifiers import read_message_code
from letterlock.foundation.kernel.refusals import NotFound


def message_of_code(code: str, *, viewer: Account) -> Message:
    """The message with this code, as typed, among those the viewer takes part in. Refuses NotFound."""
    message = Message.objects.visible_to(viewer).filter(code=read_message_code(code)).first()
    if message is None:
        raise NotFound
    return message
