"""Short labels for programs, networks and people."""

import pytest
from django.test import RequestFactory

from letterlock.doors.frame import clients, names, networks

chromium = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {chromium} HeadlessChrome/156.0 Safari/537.36", "Chromium on Linux"),
        (f"Mozilla/5.0 (Linux; Android 16) {chromium} Chrome/150.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"Mozilla/5.0 (Windows NT 10.0) {chromium} Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("<script>alert(1)</script>", "An unknown program"),
        ("", "An unknown program"),
    ],
)
def test_a_program_is_named_from_a_closed_list(agent: str, label: str) -> None:
    assert clients.label_of(agent) == label


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Tomás Ortega", "TO"),
        ("Dr. Jun Park", "JP"),
        ("Ana Maria de Sousa", "AS"),
        ("élan", "É"),
        ("m.adler@adler.example", "MA"),
        ("(unnamed)", "?"),
        ("", "?"),
    ],
)
def test_a_face_has_one_or_two_letters(name: str, letters: str) -> None:
    assert names.initials(name) == letters


def network_of(address: str, forwarded: str = "") -> str:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return networks.network_of(RequestFactory(headers=headers).get("/", REMOTE_ADDR=address))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", ""),
    ],
)
def test_a_network_is_what_one_customer_has(address: str, network: str) -> None:
    assert network_of(address) == network


def test_only_trusted_proxies_say_where_a_request_comes_from(settings: object) -> None:
    settings.LETTERLOCK_TRUSTED_PROXIES = ["127.0.0.1", "10.0.0.0/8"]

    assert network_of("203.0.113.9", "198.51.100.7") == "203.0.113.9"
    assert network_of("127.0.0.1", "198.51.100.7") == "198.51.100.7"
    assert network_of("127.0.0.1", "8.8.8.8, 198.51.100.7, 10.1.2.3") == "198.51.100.7"
    assert network_of("127.0.0.1", "not an address") == ""
