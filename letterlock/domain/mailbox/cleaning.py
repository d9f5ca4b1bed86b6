"""The allow-list for the HTML of letters: the same when one is saved, sent and shown.

It is the first of two walls; the second is the frame without scripts that shows the letter.
"""

import html
import re
from collections.abc import Mapping
from uuid import UUID

import nh3

tags = {
    *("a", "b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "span", "code"),
    *("p", "div", "br", "hr", "blockquote", "pre", "ul", "ol", "li", "dl", "dt", "dd"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "img"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
#: Dropped with what is in them: their text is no text of the letter.
swallowed = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "select", "audio"}
attributes = {
    "*": {"style", "dir", "lang"},
    "a": {"href"},
    "img": {"data-picture", "alt", "width", "height"},
    "ol": {"start", "type"},
    "li": {"value"},
    "table": {"border", "cellpadding", "cellspacing", "width", "align"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "td": {"colspan", "rowspan", "width", "height", "align", "valign"},
    "th": {"colspan", "rowspan", "width", "height", "align", "valign", "scope"},
}
#: What pasted tables and text need. No position, float, z-index, opacity, transform: a letter stays in its place.
properties = {
    *("color", "background-color", "font-weight", "font-style", "text-decoration", "text-align", "vertical-align"),
    *("white-space", "list-style-type", "width", "height", "padding", "padding-top", "padding-right"),
    *("padding-bottom", "padding-left", "border", "border-top", "border-right", "border-bottom", "border-left"),
    *("border-width", "border-style", "border-color", "border-collapse", "border-spacing", "table-layout"),
}

# No marks that turn the direction of text: the page shows where a link leads, and they would show it backwards.
_turning = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_link = re.compile(rf"\A(?:https?://|mailto:|tel:)[^\s\x00-\x1f\x7f{_turning}]+\Z", re.IGNORECASE)
_plain_value = re.compile(r"\A[\w\s.,%#()+-]+\Z")
_function = re.compile(r"(\w*)\(")
_harmless_functions = {"rgb", "rgba", "hsl", "hsla"}
_uuid = re.compile(r"\A[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_link_tag = re.compile(r"(<a\b[^>]*)>")
_image = re.compile(r"<img\b[^>]*>")
_picture = re.compile(r'<img\b[^>]*?\sdata-picture="([0-9a-f-]{36})"')
_line_end = re.compile(r"<(?:br|hr|/p|/div|/li|/tr|/h[1-6]|/blockquote|/pre|/dt|/dd)\b[^>]*>")
_tag_start = re.compile(r"</?[a-zA-Z]")
#: A tag up to its closing ">", by the states of the HTML standard (13.2.5); a quote that is never closed runs on.
_inside_a_tag = re.compile(
    r"""
    </?[a-zA-Z][^\t\n\f\r />]*+
    (?:
        [\t\n\f\r /]++
      | [^\t\n\f\r />] [^\t\n\f\r />=]*+
        (?: [\t\n\f\r ]*+ = [\t\n\f\r ]*+ (?: "[^"]*+"?+ | '[^']*+'?+ | [^\t\n\f\r >"'][^\t\n\f\r >]*+ )?+ )?+
    )*+
    """,
    re.VERBOSE,
)
_never_in_an_attribute = str.maketrans("", "", "<>`")
_blank_lines = re.compile(r"\n{3,}")


def clean(written: str) -> str:
    """What a letter may contain of `written`; cleaning it again changes nothing.

    Links lead to http, https, mailto and tel only. A picture is `<img data-picture="UUID">`, and no other image stays.
    """
    cleaned = nh3.clean(
        written.replace("\x00", "").encode(errors="replace").decode(),
        tags=tags,
        clean_content_tags=swallowed,
        attributes=attributes,
        attribute_filter=_keep_attribute,
        filter_style_properties=properties,
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative="deny",
        link_rel=None,
    ).replace("\r", "\n")  # spelt "&#13;" it comes through the first time, and is a line feed the next time
    # SECURITY: no attribute holds < or > after the filter below, so neither step can cut a tag in the middle.
    # See test_no_vector_survives_cleaning.
    pictured = _image.sub(lambda found: found[0] if _picture.match(found[0]) else "", cleaned)
    return _link_tag.sub(r'\1 target="_blank" rel="noopener noreferrer">', pictured)


def has_tag_longer_than(most: int, written: str) -> bool:
    """Whether a tag in `written` has more than so many characters, wherever one could begin.

    SECURITY: cleaning compares each attribute of a tag with all before it: 2 MB of them in one tag took 40 seconds.
    See test_no_tag_is_long_enough_to_keep_a_core_busy.
    """
    text = written.replace("\x00", "")
    starts = (found.start() for found in _tag_start.finditer(text))
    tags = (_inside_a_tag.match(text, start, start + most) for start in starts)
    return any(tag is not None and len(tag[0]) == most for tag in tags)


def text_of(cleaned: str) -> str:
    """The words of a cleaned letter without its looks: one line for each block, a space for a picture."""
    text = html.unescape(nh3.clean(_image.sub(" ", _line_end.sub("\n", cleaned)), tags=set()))
    return _blank_lines.sub("\n\n", "\n".join(line.strip() for line in text.splitlines())).strip()


def pictures_in(cleaned: str) -> list[UUID]:
    """The pictures a cleaned letter names, each once, in their order."""
    return [UUID(name) for name in dict.fromkeys(_picture.findall(cleaned))]


def show_pictures(cleaned: str, *, sources: Mapping[UUID, str]) -> str:
    """The cleaned letter with an address for each picture; one without a source is left as an empty image.

    `sources` are written by us: data: URIs of sniffed types, or paths of our own.
    """

    def with_source(found: re.Match[str]) -> str:
        source = sources.get(UUID(found[1]))
        return f'{found[0]} src="{html.escape(source)}"' if source else found[0]

    return _picture.sub(with_source, cleaned)


def _keep_attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return _keep_style(value)
    if name == "href":
        return value.strip() if _link.match(value.strip()) else None
    if name == "data-picture":
        return value if _uuid.match(value) else None
    return value.translate(_never_in_an_attribute)


def _keep_style(style: str) -> str | None:
    kept = [declaration.strip() for declaration in style.split(";") if _is_harmless(declaration)]
    return ";".join(kept) or None


def _is_harmless(declaration: str) -> bool:
    """No url(), no @import, no escapes, no comments: only plain words, numbers, lengths and colours."""
    name, colon, value = declaration.partition(":")
    functions = set(_function.findall(value.lower()))
    is_plain = bool(colon and _plain_value.match(value))
    return is_plain and name.strip().lower() in properties and functions <= _harmless_functions
