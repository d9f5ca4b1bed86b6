"""Address lists as people paste them from anywhere: `"Doe, J." <j@x.example>; k@y.example`."""

import re
from dataclasses import dataclass

from letterlock.domain.policies import limits


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One entry of a list: a display name, or none, and an address nobody has checked yet."""

    name: str
    address: str


# A list in tokens: quoted text, an address in angles, a separator, or a run of anything else. A quote or an angle that
# is never closed is one odd character among the rest. The bounds keep the time linear in the length of the list: each
# unclosed quote is looked into for so many characters and no further.
_token = re.compile(
    r"""
    (?P<quoted>"(?:[^"\\\r\n]|\\[^\r\n]){0,256}+")
    | <(?P<angle>(?:[^<>"\r\n]|"(?:[^"\\\r\n]|\\[^\r\n]){0,128}+"){0,512}+)>
    | (?P<separator>[,;\r\n]+)
    | (?P<text>[^"<,;\r\n]+|["<])
    """,
    re.VERBOSE,
)
_escape = re.compile(r"\\(.)")


def split_typed(text: str) -> list[Typed]:
    """The entries of a list, in order and unchecked; what is beyond 100,000 characters is left out."""
    entries: list[Typed] = []
    words: list[str] = []
    for token in _token.finditer(text[: limits.pasted_addresses_characters]):
        if token["separator"] is not None:
            entries += _bare_entries(words)
            words = []
        elif token["angle"] is not None:
            entries.append(Typed(name=_read_name(words), address=token["angle"].strip()))
            words = []
        else:
            words.append(token[0])
    return entries + _bare_entries(words)


def _bare_entries(words: list[str]) -> list[Typed]:
    """Without angles there is no name; several addresses may stand side by side, parted by spaces."""
    text = "".join(words).strip()
    parts = text.split()
    if len(parts) > 1 and '"' not in text and all("@" in part for part in parts):
        return [Typed(name="", address=part) for part in parts]
    return [Typed(name="", address=text)] if text else []


def _read_name(words: list[str]) -> str:
    plain = [_escape.sub(r"\1", word[1:-1]) if _is_quoted(word) else word for word in words]
    return " ".join("".join(plain).split())


def _is_quoted(word: str) -> bool:
    return len(word) > 1 and word.startswith('"')
