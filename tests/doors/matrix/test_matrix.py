"""Who gets what: every address and method of the program, asked for by everybody.

A new view that is in no row makes the first test fail, and says what to write.
"""

import pytest

from tests.cast import People, Platforms
from tests.doors.matrix import judging, walking
from tests.doors.matrix import page as written
from tests.doors.matrix.expectations import table
from tests.doors.matrix.world import build

pages = {page.name: page for page in walking.pages()}


def test_every_address_has_its_rows() -> None:
    without = sorted(set(pages) - {row.page for row in table})
    assert not without, (
        f"In no row of tests/doors/matrix/expectations.py: {', '.join(without)}. Add a row for each thing and method "
        "that it answers, saying who gets what, and run `python -m tests.doors.matrix` to write the page."
    )
    gone = sorted({row.page for row in table} - set(pages))
    assert not gone, f"Rows of tests/doors/matrix/expectations.py about addresses that are no more: {', '.join(gone)}."


def test_the_page_is_written_from_the_table() -> None:
    assert written.target.read_text() == written.text(), (
        f"{written.target.name} says something else than the table. Run `python -m tests.doors.matrix`."
    )


@pytest.mark.no_cover  # every request of it is made elsewhere too, and tracing them would take half as long again
@pytest.mark.parametrize("name", sorted({row.page for row in table} & set(pages)))
def test_everybody_gets_what_the_table_says(platforms: Platforms, people: People, name: str) -> None:
    rows = [row for row in table if row.page == name]
    wrong = list(judging.judge(build(platforms, people), pages[name], rows))
    assert not wrong, "\n".join(["", *wrong])
