"""Where a request comes from, for the throttles: an IPv4 address, or an IPv6 customer's /64."""

from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address

#: What one customer of a provider is given, so that nobody has 2^64 throttles of one's own.
customer_bits = 64


def network_of(request: HttpRequest) -> str:
    """The network in words, empty when the server does not say (a Unix socket)."""
    address = _address_of(request)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, customer_bits), strict=False))
    return str(address) if address else ""


def forget_claims(request: HttpRequest) -> None:
    """Drop the word of anybody but our own proxies that the line to the browser is encrypted.

    SECURITY: whoever reaches this server around the proxy could say so of a plain line. See
    test_only_a_trusted_proxy_says_that_the_line_is_encrypted.
    """
    peer = _read(request.META.get("REMOTE_ADDR", ""))
    if peer is None or not _is_ours(peer):
        request.META.pop("HTTP_X_FORWARDED_PROTO", None)


def _address_of(request: HttpRequest) -> Address | None:
    """The nearest hop that is none of our own proxies.

    SECURITY: the header is anybody's to write; only what our own proxies have added at its end is believed.
    See test_only_trusted_proxies_say_where_a_request_comes_from.
    """
    hops = [request.META.get("REMOTE_ADDR", ""), *reversed(request.headers.get("X-Forwarded-For", "").split(","))]
    for hop in hops:
        address = _read(hop)
        if address is None or not _is_ours(address):
            return address
    return None


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _is_ours(address: Address) -> bool:
    return any(address in network for network in _trusted(tuple(settings.LETTERLOCK_TRUSTED_PROXIES)))


@cache
def _trusted(names: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(name) for name in names)
