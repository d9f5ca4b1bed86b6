"""The anticipated "no": one error spine for every door."""

import enum
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class Kind(enum.Enum):
    """What a refusal means to whoever asked; each door maps these once.

    LIMITED is what goes away by waiting: too often, too many in a day. What is too large or too long is INVALID.
    """

    NOT_FOUND = "not found"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    CONFLICT = "conflict"
    GONE = "gone"
    LIMITED = "limited"
    BUSY = "busy"


class Refusal(Exception):  # noqa: N818 -- a refusal is an answer, not an error
    """A "no" that the product foresees, with words a person can act on.

    Subclasses stand beside the verb that raises them and set `kind`, `code`
    (dotted, stable, safe to log) and `sentence` (may use the details by name).
    """

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "kernel.refused"
    sentence: ClassVar[Any] = _("This cannot be done.")

    def __init__(self, **details: Any) -> None:
        super().__init__(self.code)
        self.details = details

    def explain(self) -> str:
        """What happened, what is safe, what to do: in the active language."""
        return str(self.sentence).format(**self.details)


class NotFound(Refusal):
    """Not there, or not for the one who asks: one answer for both."""

    kind = Kind.NOT_FOUND
    code = "kernel.not_found"
    sentence = _("There is nothing here for this account.")
