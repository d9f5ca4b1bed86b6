"""Turns one address per database into Django's settings: SQLite by default, PostgreSQL to scale out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

sqlite_options = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    # secure_delete: a destroyed share leaves no bytes in freed pages. FULL: an answered commit survives a power cut.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
    ),
}


def read_address(address: str) -> dict[str, Any]:
    """Django's settings for `sqlite:///path` or `postgresql://user:PASSWORD@host:port/name`.

    After a question mark PostgreSQL's own words may follow, such as `sslmode=verify-full`, or
    `host=/folder` for a socket. Raises ValueError with a sentence for anything else.
    """
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        name = str(file_of(parts))
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": dict(sqlite_options)}
    if parts.scheme == "postgresql":
        return _postgresql(parts)
    raise ValueError(f"A database address starts with sqlite:/// or postgresql://, not {parts.scheme or 'nothing'}.")


def spell_address(settings: Mapping[str, Any]) -> str:
    """The address from which `read_address` makes these settings, so that another process can be given it."""
    if settings["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{quote(str(settings['NAME']))}"
    user, password = quote(settings["USER"], safe=""), quote(settings["PASSWORD"], safe="")
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    words = {name: word for name, word in settings["OPTIONS"].items() if name != "options"}
    host = settings["HOST"]
    if host.startswith("/"):
        host, words = "", {"host": host, **words}
    query = f"?{urlencode(words)}" if words else ""
    return f"postgresql://{user}:{password}@{host}{port}/{settings['NAME']}{query}"


def file_of(parts: SplitResult) -> Path:
    """The file of a SQLite address: three slashes and an absolute path, or four, as others write it."""
    return Path("/" + unquote(parts.path).lstrip("/"))


def _postgresql(parts: SplitResult) -> dict[str, Any]:
    words = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": words.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c lock_timeout=30s", **words},
    }
