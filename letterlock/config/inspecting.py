"""What keeps an installation from starting: judged on plain values, all of it at once, a sentence each.

`settings.production` refuses to be imported while there is any problem; `letterlock check` shows the same list.
"""

import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from letterlock.config.databases import file_of

demo_secret_key = "demo only: everybody knows this key"  # noqa: S105 -- its whole point is to be known
known_secret_keys = {demo_secret_key, "for tests only"}
shortest_secret_key = 50
loopback = {"", "localhost", "127.0.0.1", "::1"}
encrypted_modes = {"require", "verify-ca", "verify-full"}
truths = {"1", "true", "yes", "on"}


@dataclass(frozen=True)
class Problem:
    """Something that must be put right before people trust this installation."""

    code: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What an operator has set, and the few facts about files that a verdict needs. Empty means: not set."""

    secret_key: str = ""
    debug: bool = False
    scheme: str = "https"
    trusted_proxies: str = ""
    tls_certificate: str = ""
    database: str = ""
    keystore: str = ""
    keystore_exists: bool = False
    relay: str = ""
    root_key: str = ""
    root_key_mode: int | None = None
    journal: str = ""
    restore_is_unfinished: bool = False


def survey(environ: Mapping[str, str], *, var: Path) -> Setup:
    """The setup as the environment describes it and the disk shows it."""
    root_key = Path(environ.get("LETTERLOCK_ROOT_KEY") or var / "keys/root.key")
    keystore = environ.get("LETTERLOCK_KEYSTORE", "")
    journal = Path(environ.get("LETTERLOCK_JOURNAL") or var / "keys/destruction.journal")
    return Setup(
        secret_key=environ.get("LETTERLOCK_SECRET_KEY", ""),
        debug=environ.get("DEBUG", environ.get("LETTERLOCK_DEBUG", "")).lower() in truths,
        scheme=environ.get("LETTERLOCK_PUBLIC_SCHEME", "https"),
        trusted_proxies=environ.get("LETTERLOCK_TRUSTED_PROXIES", ""),
        tls_certificate=environ.get("LETTERLOCK_TLS_CERTIFICATE", ""),
        database=environ.get("LETTERLOCK_DATABASE", ""),
        keystore=keystore,
        keystore_exists=_exists(urlsplit(keystore)),
        relay=environ.get("LETTERLOCK_RELAY", ""),
        root_key=str(root_key),
        root_key_mode=_mode(root_key),
        journal=str(journal),
        restore_is_unfinished=journal.with_name("restore-unfinished").exists(),
    )


def problems_of(setup: Setup, *, preparing: bool = False) -> list[Problem]:
    """Everything wrong with the setup. While `preparing`, the files that preparing makes may still be missing."""
    found = [problem for judge in judges for problem in judge(setup)]
    return [problem for problem in found if not (preparing and problem.code in made_by_preparing)]


def _judge_secret_key(setup: Setup) -> Iterator[Problem]:
    if not setup.secret_key:
        yield Problem("secret_key.missing", "LETTERLOCK_SECRET_KEY is not set. Set it to 50 or more random characters.")
    elif setup.secret_key in known_secret_keys:
        yield Problem("secret_key.known", "LETTERLOCK_SECRET_KEY is the demo's, which everybody knows. Set your own.")
    elif len(setup.secret_key) < shortest_secret_key:
        yield Problem("secret_key.short", "LETTERLOCK_SECRET_KEY is too short. Set it to 50 or more random characters.")


def _judge_debug(setup: Setup) -> Iterator[Problem]:
    if setup.debug:
        yield Problem("debug", "DEBUG is on: error pages would show secrets. Remove it from the environment.")


def _judge_transport(setup: Setup) -> Iterator[Problem]:
    if setup.scheme != "https":
        yield Problem("http.scheme", "LETTERLOCK_PUBLIC_SCHEME is not https: links would lead over a readable line.")
    if not (setup.trusted_proxies or setup.tls_certificate):
        yield Problem(
            "http.plain",
            "Pages would be served over plain HTTP. Set LETTERLOCK_TRUSTED_PROXIES to the addresses of the proxy that "
            "ends TLS, or LETTERLOCK_TLS_CERTIFICATE and LETTERLOCK_TLS_KEY to files for this server.",
        )


def _judge_database(setup: Setup) -> Iterator[Problem]:
    if not setup.database:
        yield Problem(
            "database.missing", "LETTERLOCK_DATABASE is not set. It looks like sqlite:////srv/letterlock.sqlite3."
        )
    yield from _judge_address("database", "LETTERLOCK_DATABASE", setup.database)


def _judge_keystore(setup: Setup) -> Iterator[Problem]:
    if not setup.keystore:
        yield Problem(
            "keystore.missing",
            "LETTERLOCK_KEYSTORE is not set. Give the keystore a folder, credentials and a backup rule of its own.",
        )
        return
    yield from _judge_address("keystore", "LETTERLOCK_KEYSTORE", setup.keystore)
    if _place(setup.keystore) == _place(setup.database):
        yield Problem(
            "keystore.shared",
            "The keystore lies with the database. Put it apart: whoever copies one must not get the other.",
        )
    if not setup.keystore_exists:
        yield Problem(
            "keystore.absent",
            "There is no keystore where LETTERLOCK_KEYSTORE points. Run `letterlock prepare` on a new installation; "
            "on an old one restore it: without it nothing can be opened.",
        )


def _judge_root_key(setup: Setup) -> Iterator[Problem]:
    if setup.root_key_mode is None:
        yield Problem(
            "root_key.missing",
            f"There is no root key at {setup.root_key}. Run `letterlock prepare` on a new installation; on an old one "
            "put it back from its own backup.",
        )
    elif setup.root_key_mode & 0o077:
        yield Problem("root_key.exposed", f"Others can reach the root key. Run: chmod 600 {setup.root_key}")
    if Path(setup.journal).parent == _folder(setup.keystore) or Path(setup.journal).parent == _folder(setup.database):
        yield Problem(
            "journal.shared",
            "The destruction journal lies beside a store it must outlive. Set LETTERLOCK_JOURNAL to another folder.",
        )


def _judge_relay(setup: Setup) -> Iterator[Problem]:
    relay = urlsplit(setup.relay)
    if not setup.relay:
        yield Problem(
            "relay.missing", "LETTERLOCK_RELAY is not set. It looks like smtp+starttls://user:PASSWORD@host:587."
        )
    elif relay.scheme not in {"smtp", "smtps", "smtp+starttls"}:
        yield Problem("relay.unknown", "LETTERLOCK_RELAY starts with smtps://, smtp+starttls:// or, locally, smtp://.")
    elif relay.scheme == "smtp" and (relay.hostname or "") not in loopback:
        yield Problem(
            "relay.plain",
            "Mails would leave over a readable line. Use smtps:// or smtp+starttls:// in LETTERLOCK_RELAY.",
        )


def _judge_restore(setup: Setup) -> Iterator[Problem]:
    if setup.restore_is_unfinished:
        yield Problem(
            "restore.unfinished",
            "A restore was interrupted: what was recalled may be readable again. Run the same `letterlock restore` "
            "once more before the service starts.",
        )


judges: list[Callable[[Setup], Iterator[Problem]]] = [
    _judge_secret_key, _judge_debug, _judge_transport, _judge_database, _judge_keystore, _judge_root_key, _judge_relay,
    _judge_restore,
]  # fmt: skip
made_by_preparing = {"keystore.absent", "root_key.missing", "restore.unfinished"}


def _judge_address(what: str, name: str, address: str) -> Iterator[Problem]:
    parts = urlsplit(address)
    if address and parts.scheme not in {"sqlite", "postgresql"}:
        yield Problem(f"{what}.unknown", f"{name} starts with sqlite:/// or postgresql://.")
    mode = parse_qs(parts.query).get("sslmode", [""])[0]
    if parts.scheme == "postgresql" and (parts.hostname or "") not in loopback and mode not in encrypted_modes:
        yield Problem(f"{what}.plain", f"{name} leads over a readable line. Append ?sslmode=verify-full to it.")


def _place(address: str) -> str:
    """Where a store lies: the folder of a file, or host and name of a PostgreSQL database."""
    parts = urlsplit(address)
    return str(_folder(address)) if parts.scheme == "sqlite" else f"{parts.hostname}:{parts.port}{parts.path}"


def _folder(address: str) -> Path | None:
    parts = urlsplit(address)
    return file_of(parts).parent if parts.scheme == "sqlite" else None


def _exists(parts: SplitResult) -> bool:
    return parts.scheme == "postgresql" or (parts.scheme == "sqlite" and file_of(parts).is_file())


def _mode(file: Path) -> int | None:
    try:
        return stat.S_IMODE(file.stat().st_mode)
    except OSError:
        return None
