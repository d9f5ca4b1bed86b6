"""Every address the program answers, read from its own URL table."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, kw_only=True)
class Page:
    """One address. `name` is what `reverse` takes; `parameters` are what it has to be told."""

    name: str
    route: str
    parameters: frozenset[str]


def pages() -> list[Page]:
    """Every address of `ROOT_URLCONF`, in its order. Raises LookupError for one that cannot be named in a table."""
    return list(_below(get_resolver(), route="/", space=""))


def _below(resolver: URLResolver, *, route: str, space: str) -> Iterator[Page]:
    inner = f"{space}{resolver.namespace}:" if resolver.namespace else space
    for one in resolver.url_patterns:
        way = route + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _below(one, route=way, space=inner)
        else:
            yield _page(one, route=way, space=inner)


def _page(pattern: URLPattern, *, route: str, space: str) -> Page:
    if not pattern.name:
        raise LookupError(f"The address {route} has no name. Give it one, so that the access matrix can speak of it.")
    # A parameter may stand in an including pattern; the written route has all of them.
    parameters = frozenset(part.partition(":")[2].partition(">")[0] for part in route.split("<")[1:])
    return Page(name=space + pattern.name, route=route, parameters=parameters)
