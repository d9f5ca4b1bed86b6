"""docs/what-a-stolen-copy-shows.md, written from what the tests hold to be true."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from tests.thief import columns, promises
from tests.thief.columns import Shows, Table
from tests.thief.thieves import Sight

path = Path(__file__).parents[2] / "docs/what-a-stolen-copy-shows.md"

introduction = """\
# What a stolen copy shows

This page is written by a test, which plays the thief: it holds exactly what each line says, and all of our code, and
tries what can be tried. When the page and the thief disagree, the test fails. (`tests/thief`; to write it anew:
`LETTERLOCK_WRITE_PAGES=1 bin/test --only sqlite -k the_page_is_what`.)

## Who holds what

| who has | sees | does not see |
| --- | --- | --- |
"""

remarks = """
Letters means their text and pictures. Destroyed are those that were recalled with "Destroy my copy as well", that
expired, or that their last holder deleted. On each line everything that stands in this table was looked for.

What no cell can say:

- **Snapshots of the keystore end after 6 hours.** Until the last snapshot from before a recall is gone, whoever has it,
  the root key and an old backup of the database reads what was taken back. On PostgreSQL the keystore's own files
  take up to an hour and a half: see [how a share is destroyed](formats/destruction-journal.md).
- **The root key with the keystore computes every code and link**, and so signs in as anybody on the running service. A
  new platform key does not change that, because links in mailboxes must not break. Keep the root key away from both
  stores and from all backups; `letterlock check` says when its file can be read by others.
- **Passwords are stored as Argon2id.** Nothing in a copy signs anybody in, but a thief may try out passwords on it,
  slowly, until a weak one fits. Let people choose long ones.
- **Bcc is not hidden from a copy.** It is hidden from the other recipients, not from whoever holds the database.
- **A subject outlives the recall** for whoever has the root key, and stays on the pages of those who had the letter.
- Whoever controls the running service sees what passes through it while they are there. No test can show otherwise.
- What people have copied or photographed before a recall is theirs.

"""

how_to_read = """\
## Column by column

Written from the tables that the program makes. **Plain**: as it is. **Sealed**: encrypted; it says how long it is and
nothing else. **Digest**: a fingerprint, or the result of a slow function, that cannot be turned back. **Random**: a
number that means nothing by itself; it says which rows belong together, and most tell the millisecond they were made.
"""


def compose(schema: Mapping[str, Mapping[str, list[str]]]) -> str:
    """The whole page; `schema` has the names of the columns of each table of each store, as they are."""
    rows = "".join(_row(holder, sights) for holder, sights in promises.everybody.items())
    stores = "".join(_store(store, tables) for store, tables in schema.items())
    return introduction + rows + remarks + how_to_read + stores


def unsaid(schema: Mapping[str, Mapping[str, list[str]]]) -> list[str]:
    """A sentence for each column that nothing is said of, and for each that is no longer there."""
    there = {(store, table, name) for store, tables in schema.items() for table in tables for name in tables[table]}
    said = {
        (store, table, name)
        for store, tables in columns.stores.items()
        for table in tables
        for name in tables[table].columns()
    }
    say = f"Say in tests/thief/columns.py what it shows in a stolen copy: {', '.join(Shows)}."
    new = [f"{store}: {table}.{name} is new. {say}" for store, table, name in sorted(there - said)]
    take_out = "Take it out of tests/thief/columns.py."
    return new + [f"{store}: {table}.{name} is gone. {take_out}" for store, table, name in sorted(said - there)]


def _row(holder: str, sights: set[Sight]) -> str:
    sees = [sight for sight in Sight if sight in sights]
    hidden = [sight for sight in Sight if sight not in sights] if sees else ["anything of these"]
    return f"| {holder} | {'; '.join(sees) or '**nothing**'} | {'; '.join(hidden) or '–'} |\n"


def _store(store: str, tables: Mapping[str, list[str]]) -> str:
    said = columns.stores[store]
    return f"\n### The {store}\n" + "".join(_table(name, said[name]) for name in said if name in tables)


def _table(name: str, table: Table) -> str:
    lines = "".join(f"| {kind} | {told} |\n" for kind, told in _lines(table))
    return f"\n**{table.words}** (`{name}`)\n\n| shown | columns |\n| --- | --- |\n{lines}"


def _lines(table: Table) -> Iterator[tuple[Shows, str]]:
    told = [(kind, remark, name) for name, (kind, remark) in table.columns().items()]
    for kind, of_kind in groupby(told, key=lambda one: one[0]):
        groups = groupby(of_kind, key=lambda one: one[1])
        yield kind, "; ".join(_group([name for *_, name in names], remark) for remark, names in groups)


def _group(names: list[str], remark: str) -> str:
    spelled = ", ".join(f"`{name}`" for name in names)
    return f"{spelled} ({remark})" if remark else spelled
