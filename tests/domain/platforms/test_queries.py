"""Which platform a request means, and where it is found."""

from dataclasses import replace

import pytest

from letterlock.domain.platforms import addressing, queries, settings
from letterlock.domain.platforms.models import HostName
from tests.cast import Platforms


@pytest.mark.parametrize("host", ["acme.localhost", "ACME.Localhost", "acme.localhost:8000", "acme.localhost."])
def test_a_host_is_found_however_it_is_spelled(platforms: Platforms, host: str) -> None:
    assert queries.platform_of_host(host) == platforms.acme


@pytest.mark.parametrize(
    "host", ["", "localhost", "acme.localhost.evil.example", "[::1]:80", "evil.example:acme.localhost"]
)
def test_a_strange_host_is_nobodys(platforms: Platforms, host: str) -> None:
    assert queries.platform_of_host(host) is None


def test_a_former_host_leads_to_the_platform(platforms: Platforms) -> None:
    HostName.objects.create(name="old.acme.example", platform=platforms.acme, is_current=False)

    platform = queries.platform_of_host("old.acme.example")

    assert platform == platforms.acme
    assert platform.host == "acme.localhost"


def test_the_public_address_names_scheme_host_and_port(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    assert addressing.url_of(platforms.acme, "/sign-in/") == "https://acme.localhost/sign-in/"

    demo = replace(settings.read(), public_scheme="http", public_port="8000")
    monkeypatch.setattr(settings, "read", lambda: demo)
    assert addressing.url_of(platforms.acme, "/") == "http://acme.localhost:8000/"
