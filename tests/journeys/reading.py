"""What a screen reader would say: Chromium's accessibility tree, flattened into lines in reading order.

A line holds role, name, state, value and description of one thing, indented below the landmark, list or dialog it
stands in. The expected lines are text files in `reading/`; times, codes and ports in them are written as ⟨…⟩.
LETTERLOCK_READING=write writes the files anew, for somebody to read before they are committed.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.journeys.visitors import Visitor

folder = Path(__file__).parent / "reading"
is_writing = os.environ.get("LETTERLOCK_READING") == "write"
most_turns = 50
Node = dict[str, Any]

#: Said when entered, with what is inside below them.
places = {
    "alert", "article", "banner", "blockquote", "contentinfo", "dialog", "DescriptionList", "form", "group", "list",
    "listbox", "main", "navigation", "region", "search", "status", "table", "toolbar",
}  # fmt: skip
#: A form or group without a name is no landmark to anybody; a live region without words is not there.
silent_unnamed = {"form", "group"}
quiet_when_empty = {"alert", "status"}
#: Said whole, by their name; what is inside belongs to the name.
wholes = {
    "button", "checkbox", "combobox", "DisclosureTriangle", "heading", "link", "option", "radio", "searchbox", "switch",
    "textbox", "spinbutton", "image", "term", "columnheader",
}  # fmt: skip
words_of = {
    "blockquote": "quote",
    "DescriptionList": "list of terms",
    "DisclosureTriangle": "disclosure",
    "textbox": "text field",
}
states: dict[str, dict[Any, str]] = {
    "checked": {"true": "on", "false": "off"},
    "disabled": {True: "disabled"},
    "expanded": {True: "expanded", False: "collapsed"},
    "invalid": {"true": "invalid"},
    "pressed": {"true": "pressed", "false": "not pressed"},
    "required": {True: "required"},
    "selected": {True: "selected"},
}
#: In this order: what varies from run to run, and how it is written instead.
variable = [
    (r"\bLL-[0-9A-Z]{4}-[0-9A-Z]{4}\b", "⟨code⟩"),
    (r"localhost:\d+", "localhost:⟨port⟩"),
    (r"\d{1,2} \w{3}(?: \d{4})?, \d{1,2}:\d\d:\d\d [ap]m", "⟨instant⟩"),
    (r"(?:on \d{1,2} \w+(?: \d{4})?|today|yesterday) at \d{1,2}:\d\d [ap]m", "⟨told⟩"),
    (r"(?:(?:[Tt]oday|[Yy]esterday|\d{1,2} \w{3}(?: \d{4})?), )?\d{1,2}:\d\d [ap]m", "⟨time⟩"),
]


def expect_reading(visitor: Visitor, name: str) -> None:
    """The page reads as the file of this name says, as soon as what it still fetches has come."""
    if is_writing:
        visitor.page.wait_for_timeout(2_000)
        _write(name, read_aloud(visitor))
    expected = _written(name)
    for _ in range(most_turns):
        read = steady(read_aloud(visitor))
        if read == expected:
            return
        visitor.page.wait_for_timeout(100)  # a tree cannot be waited for otherwise
    assert read == expected, f"The page reads otherwise than {name}.txt says."


def expect_said(lines: str, name: str) -> None:
    """What was said by itself is what the file of this name says."""
    if is_writing:
        _write(name, lines)
    assert steady(lines) == _written(name), f"Something else was said than {name}.txt says."


def read_aloud(visitor: Visitor) -> str:
    """The page as it would be read from the top, the letter's frame where it stands."""
    session = visitor.context.new_cdp_session(visitor.page)
    try:
        return "".join(f"{line}\n" for line in _Reader(session).lines())
    finally:
        session.detach()


def _write(name: str, lines: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.txt").write_text(steady(lines), encoding="utf-8")


def _written(name: str) -> str:
    return (folder / f"{name}.txt").read_text(encoding="utf-8")


def steady(lines: str) -> str:
    """The lines with what varies from run to run taken out."""
    for pattern, instead in variable:
        lines = re.sub(pattern, instead, lines)
    return lines


class _Reader:
    def __init__(self, session: Any) -> None:
        self._session = session
        self._nodes: dict[str, Node] = {}
        self._frames: dict[int, str] = {}
        self._current: set[int] = set()

    def lines(self) -> Iterator[str]:
        document = self._session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        self._note(document)
        yield from self._below(self._tree(), 0)

    def _note(self, element: Node) -> None:
        """Which elements hold frames, and which are marked as the current one: the tree tells neither."""
        if "frameId" in element and element["nodeName"] == "IFRAME":
            self._frames[element["backendNodeId"]] = element["frameId"]
        attributes = element.get("attributes", [])
        if "aria-current" in attributes[::2]:
            self._current.add(element["backendNodeId"])
        for inside in element.get("children", []):
            self._note(inside)

    def _tree(self, frame: str | None = None) -> Node:
        asked = {"frameId": frame} if frame else {}
        nodes: list[Node] = self._session.send("Accessibility.getFullAXTree", asked)["nodes"]
        self._nodes.update({node["nodeId"]: node for node in nodes})
        return nodes[0]

    def _below(self, node: Node, depth: int) -> Iterator[str]:
        words: list[str] = []
        for child in (self._nodes[one] for one in node.get("childIds", []) if one in self._nodes):
            if _role(child) == "StaticText" and not child["ignored"]:
                words.append(_name(child).strip())
                continue
            if _is_inline(child) and (inside := self._text(child)) is not None:
                words.append(inside)
                continue
            yield from _say(words, depth)
            yield from self._one(child, depth)
        yield from _say(words, depth)

    def _one(self, node: Node, depth: int) -> Iterator[str]:
        role = _role(node)
        if node["ignored"] or role in {"InlineTextBox", "LineBreak", "ListMarker"}:
            yield from self._below(node, depth)
        elif role == "Iframe":
            yield _line(depth, "frame", _name(node))
            yield from self._below(self._tree(self._frames[node["backendDOMNodeId"]]), depth + 1)
        elif role in wholes:
            yield _line(depth, _word(node), _name(node), *self._more(node))
        elif role in places and not (role in silent_unnamed and not _name(node)):
            below = list(self._below(node, depth + 1))
            if below or role not in quiet_when_empty:
                yield _line(depth, _word(node), *_places_name(node), *self._more(node))
                yield from below
        else:
            yield from self._below(node, depth)

    def _more(self, node: Node) -> Iterator[str]:
        """State, value and description, as far as they are said."""
        for item in node.get("properties", []):
            word = states.get(item["name"], {}).get(item["value"].get("value"))
            if word:
                yield word
        if node.get("backendDOMNodeId") in self._current:
            yield "current"
        for key, form in (("value", "“{}”"), ("description", "({})")):
            said = node.get(key, {}).get("value")
            if said and said.strip() and _role(node) != "heading" and said != _name(node):
                yield form.format(said)

    def _text(self, node: Node) -> str | None:
        """The words of something that holds nothing but words; None when there is more in it."""
        found: list[str] = []
        for child in (self._nodes[one] for one in node.get("childIds", []) if one in self._nodes):
            if _role(child) == "StaticText":
                found.append(_name(child).strip())
            elif _is_inline(child) and (inside := self._text(child)) is not None:
                found.append(inside)
            elif _role(child) not in {"InlineTextBox", "LineBreak"}:
                return None
        return " ".join(one for one in found if one)


def _say(words: list[str], depth: int) -> Iterator[str]:
    said = " ".join(word for word in words if word)
    words.clear()
    if said:
        yield _line(depth, said)


def _line(depth: int, *parts: str) -> str:
    said = ", ".join(part.strip() for part in parts if part.strip())
    return "  " * depth + re.sub(r" (?=[,.;](?: |$))", "", re.sub(r"\s+", " ", said))


def _role(node: Node) -> str:
    return str(node.get("role", {}).get("value", ""))


def _name(node: Node) -> str:
    return str(node.get("name", {}).get("value", ""))


def _is_inline(node: Node) -> bool:
    return _role(node) in {"strong", "emphasis", "time", "generic", "none"} and not node["ignored"]


def _word(node: Node) -> str:
    role = _role(node)
    level = next((one["value"]["value"] for one in node.get("properties", []) if one["name"] == "level"), None)
    return f"heading {level}" if role == "heading" else words_of.get(role, role)


def _places_name(node: Node) -> Iterator[str]:
    if _role(node) == "list":
        count = len(node.get("childIds", []))
        yield _name(node)
        yield f"{count} item{'' if count == 1 else 's'}"
    else:
        yield _name(node)
