"""Host names and names of platforms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letterlock.domain.platforms import naming
from letterlock.domain.platforms.naming import InvalidHost, InvalidPlatformName


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("mail.example.com", "mail.example.com"),
        (" Mail.Example.COM ", "mail.example.com"),
        ("acme.localhost", "acme.localhost"),
        ("post.bücher.example", "post.xn--bcher-kva.example"),
    ],
)
def test_a_host_is_kept_in_lower_case_ascii(typed: str, host: str) -> None:
    assert naming.read_host(typed) == host


@pytest.mark.parametrize(
    "typed",
    ["", "localhost", "https://a.example", "a.example:8000", "a.example/", "a b.example", "-a.example", "a..example",
     "192.0.2.1", "[::1]", "a_b.example", "a.example.", "x" * 64 + ".example", "a." * 130 + "example", "a.example\n.b"],
)  # fmt: skip
def test_what_is_no_host_name_is_refused(typed: str) -> None:
    with pytest.raises(InvalidHost):
        naming.read_host(typed)


@given(st.text(max_size=60))
def test_any_text_is_a_host_name_or_refused(typed: str) -> None:
    try:
        host = naming.read_host(typed)
    except InvalidHost:
        return
    assert host.isascii()
    assert host == host.lower()
    assert naming.read_host(host) == host


@pytest.mark.parametrize("typed", ["", "  ", "x" * 65, "Acme\nLegal", "Acme\u202eLegal"])
def test_a_name_that_hides_something_is_refused(typed: str) -> None:
    with pytest.raises(InvalidPlatformName):
        naming.read_name(typed)


def test_a_name_is_trimmed() -> None:
    assert naming.read_name(" Acme Legal ") == "Acme Legal"
