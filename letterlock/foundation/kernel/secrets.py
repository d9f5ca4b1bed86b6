"""Types for what must not be printed, and for what may not be mixed."""

from typing import Any, Generic, NewType, NoReturn, TypeVar

Plaintext = NewType("Plaintext", bytes)
"""Bytes a person wrote. Never logged, never stored."""

Sealed = NewType("Sealed", bytes)
"""Bytes that say nothing without a key."""

Held = TypeVar("Held", bytes, str)


class Secret(Generic[Held]):
    """A value whose `repr`, `str`, `format`, pickling and JSON say nothing.

    `reveal()` is the one way to the value, so that every use can be found by searching for it.
    """

    __slots__ = ("_value",)

    def __init__(self, value: Held) -> None:
        self._value: Held = value

    def reveal(self) -> Held:
        return self._value

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} cannot be pickled or copied: it is a secret.")

    def __eq__(self, other: Any) -> NoReturn:
        raise TypeError("Secrets are compared with hmac.compare_digest on what reveal() returns.")

    __hash__ = None  # type: ignore[assignment]  # a secret is no key of a dictionary
