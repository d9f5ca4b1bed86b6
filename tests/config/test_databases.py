"""Addresses of databases as operators write them."""

import pytest

from letterlock.config.databases import read_address, spell_address


def test_a_sqlite_address_is_a_path() -> None:
    assert read_address("sqlite:////srv/my%20letters.sqlite3")["NAME"] == "/srv/my letters.sqlite3"


def test_sqlite_overwrites_what_is_deleted_and_waits_for_the_disk() -> None:
    pragmas = read_address("sqlite:////srv/a")["OPTIONS"]["init_command"]
    assert "secure_delete=ON" in pragmas
    assert "synchronous=FULL" in pragmas


def test_a_postgresql_address_keeps_its_words() -> None:
    address = read_address("postgresql://letter%40lock:p%2Fw@db.example:5433/letters?sslmode=verify-full")
    assert (address["USER"], address["PASSWORD"], address["HOST"], address["PORT"], address["NAME"]) == (
        "letter@lock", "p/w", "db.example", "5433", "letters",
    )  # fmt: skip
    assert address["OPTIONS"]["sslmode"] == "verify-full"


def test_a_socket_is_a_host() -> None:
    assert read_address("postgresql://letterlock@/letters?host=/run/postgresql")["HOST"] == "/run/postgresql"


@pytest.mark.parametrize("address", ["mysql://db/letters", "letters.sqlite3", ""])
def test_anything_else_is_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(ValueError, match="starts with sqlite:/// or postgresql://"):
        read_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////srv/my%20letters.sqlite3",
        "postgresql://letterlock:@/letters?host=/run/postgresql",
        "postgresql://letter%40lock:p%2Fw@db.example:5433/letters?sslmode=verify-full",
    ],
)
def test_an_address_can_be_handed_on(address: str) -> None:
    assert read_address(spell_address(read_address(address))) == read_address(address)
