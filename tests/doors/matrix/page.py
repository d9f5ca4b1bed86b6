"""The table as a page for readers: `docs/access-matrix.md`."""

from collections.abc import Iterator
from pathlib import Path

from tests.doors.matrix import walking
from tests.doors.matrix.expectations import table, without_head
from tests.doors.matrix.rows import Answer, everybody, meanings
from tests.doors.matrix.walking import Page

target = Path(__file__).parents[3] / "docs/access-matrix.md"

head = """# Who gets what

Every address of the program and every method, and what comes of it for each person. The page is written by
`python -m tests.doors.matrix` from `tests/doors/matrix/expectations.py`; `tests/doors/matrix/test_matrix.py` asks the
program for every cell of it, and takes the addresses from the program's own table, so that no view can be left out.

Alice, the **sender**, wrote a letter on one platform: **to** Bob, **cc** Cecil, **bcc** Bea, and to Rufus, who was
**removed** when his address was corrected. The **colleague** and the **administrator** are of the same platform and
have no part in it. The **namesake** has Alice's very address on another platform, and asks there. Somebody **invited**
has the link and has not registered; **nobody** is signed out. On an **unknown host** no platform answers.

What holds for all of it, and is tested with it:

- A method that has no line is refused with 405, and a form without its token with 403. HEAD is answered as GET{but}.
- GET and HEAD change nothing: all tables of both databases are compared before and after. So they are after a refusal.
- `nothing` and `sign in` are compared, byte for byte but for tokens, with the answer about something that does not
  exist, as a page, for htmx and for a script.
- Every answer is `no-store` and carries the policy of the page; the platform's colour and mark alone may be kept, by
  those who are signed out.

| word | what comes of it |
| --- | --- |
{words}
"""


def text() -> str:
    """The whole page."""
    words = "\n".join(f"| {word} | {meaning} |" for word, meaning in meanings.items())
    but = f", but for {', '.join(_route_of(name) for name in sorted(without_head))}"
    return head.format(words=words, but=but) + "".join(_section(page) for page in walking.pages())


def _section(page: Page) -> str:
    lines = "\n".join(_lines(page))
    columns = " | ".join(everybody)
    return f"\n## `{page.route}`\n\n| thing | method | {columns} |\n|{' --- |' * (len(everybody) + 2)}\n{lines}\n"


def _lines(page: Page) -> Iterator[str]:
    for row in table:
        if row.page == page.name:
            cells = " | ".join(_shown(row.cells[who]) for who in everybody)
            yield f"| {row.thing} | {row.method} | {cells} |"


def _shown(answer: Answer) -> str:
    # What is given stands out; what is not is the rule.
    return f"**{answer}**" if answer in {Answer.SHOWS, Answer.LEADS, Answer.DOES} else str(answer)


def _route_of(name: str) -> str:
    return next(f"`{page.route}`" for page in walking.pages() if page.name == name)
