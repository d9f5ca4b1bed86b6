"""Finding the platform that a request means."""

from letterlock.domain.platforms.models import Platform


def platform_of_host(host: str) -> Platform | None:
    """The platform that answers to this `Host` header, now or formerly; None for a stranger's name.

    Whoever cares whether the name is still in use compares `name_in(host)` with `platform.host`.
    """
    return Platform.objects.filter(hosts__name=name_in(host)).first()


def name_in(host: str) -> str:
    """The name in a `Host` header, as rows keep it."""
    # A port is the proxy's affair, and a trailing dot means the same host (RFC 3986, section 3.2.2).
    return host.strip().rpartition("]")[2].partition(":")[0].rstrip(".").lower()
