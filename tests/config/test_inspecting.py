"""What keeps an installation from starting: one case for each problem, and all of them at once."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from letterlock.config import inspecting
from letterlock.config.inspecting import Setup

root = Path(__file__).resolve().parents[2]

sound = Setup(
    secret_key="k" * 50,
    trusted_proxies="10.0.0.5",
    database="postgresql://letterlock:secret@db.example/letterlock?sslmode=verify-full",
    keystore="sqlite:////srv/keystore/keystore.sqlite3",
    keystore_exists=True,
    relay="smtp+starttls://user:secret@relay.example:587",
    root_key="/srv/keys/root.key",
    root_key_mode=0o600,
    journal="/srv/keys/destruction.journal",
)


def codes(setup: Setup, *, preparing: bool = False) -> set[str]:
    return {problem.code for problem in inspecting.problems_of(setup, preparing=preparing)}


def test_a_sound_setup_has_no_problem() -> None:
    assert codes(sound) == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret_key": ""}, "secret_key.missing"),
        ({"secret_key": inspecting.demo_secret_key}, "secret_key.known"),
        ({"secret_key": "short"}, "secret_key.short"),
        ({"debug": True}, "debug"),
        ({"scheme": "http"}, "http.scheme"),
        ({"trusted_proxies": ""}, "http.plain"),
        ({"database": ""}, "database.missing"),
        ({"database": "mysql://db/letterlock"}, "database.unknown"),
        ({"database": "postgresql://db.example/letterlock"}, "database.plain"),
        ({"keystore": ""}, "keystore.missing"),
        ({"keystore_exists": False}, "keystore.absent"),
        ({"keystore": "postgresql://db.example/letterlock?sslmode=require"}, "keystore.shared"),
        ({"database": "sqlite:////srv/keystore/letterlock.sqlite3"}, "keystore.shared"),
        ({"root_key_mode": None}, "root_key.missing"),
        ({"root_key_mode": 0o640}, "root_key.exposed"),
        ({"journal": "/srv/keystore/destruction.journal"}, "journal.shared"),
        ({"relay": ""}, "relay.missing"),
        ({"relay": "http://relay.example"}, "relay.unknown"),
        ({"relay": "smtp://relay.example:25"}, "relay.plain"),
    ],
)
def test_each_problem_is_told_in_a_sentence(change: dict[str, object], code: str) -> None:
    problems = inspecting.problems_of(replace(sound, **change))  # type: ignore[arg-type]  # each change fits its field
    told = {problem.code: problem.sentence for problem in problems}
    assert code in told
    assert told[code].endswith(".") or ": " in told[code]


def test_a_proxy_or_a_certificate_is_enough() -> None:
    assert codes(replace(sound, trusted_proxies="", tls_certificate="/srv/tls/chain.pem")) == set()


def test_a_local_relay_may_be_plain() -> None:
    assert codes(replace(sound, relay="smtp://127.0.0.1:25")) == set()


def test_preparing_may_begin_without_the_files_it_makes() -> None:
    fresh = replace(sound, keystore_exists=False, root_key_mode=None)
    assert codes(fresh, preparing=True) == set()
    assert codes(fresh) == {"keystore.absent", "root_key.missing"}


def run(*words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "letterlock.config.cli", *words]
    return subprocess.run(command, env=bare | environment, cwd=root, capture_output=True, text=True, check=False)


def test_check_reports_everything_wrong_at_once(tmp_path: Path) -> None:
    environment = {"LETTERLOCK_VAR": str(tmp_path), "LETTERLOCK_SECRET_KEY": inspecting.demo_secret_key, "DEBUG": "1"}

    outcome = run("check", environment=environment)

    assert outcome.returncode == 1
    for words in ("demo's", "DEBUG is on", "plain HTTP", "LETTERLOCK_KEYSTORE is not set", "no root key"):
        assert words in outcome.stdout
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize("word", ["worker", "people"])
def test_nothing_starts_on_an_unsound_setup(tmp_path: Path, word: str) -> None:
    outcome = run(word, environment={"LETTERLOCK_VAR": str(tmp_path)})
    assert outcome.returncode == 1
    assert "LETTERLOCK_SECRET_KEY is not set" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_new_installation_is_prepared_and_then_in_order(tmp_path: Path) -> None:
    environment = {
        "LETTERLOCK_VAR": str(tmp_path),
        "LETTERLOCK_SECRET_KEY": "k" * 50,
        "LETTERLOCK_TRUSTED_PROXIES": "127.0.0.1",
        "LETTERLOCK_DATABASE": f"sqlite:///{tmp_path}/letterlock.sqlite3",
        "LETTERLOCK_KEYSTORE": f"sqlite:///{tmp_path}/keystore/keystore.sqlite3",
        "LETTERLOCK_RELAY": "smtp://127.0.0.1:25",
    }
    prepared = run("prepare", environment=environment)
    assert prepared.returncode == 0, prepared.stderr
    assert (tmp_path / "keys/root.key").stat().st_mode & 0o777 == 0o600

    checked = run("check", environment=environment)
    assert "There is no platform yet" in checked.stdout

    (tmp_path / "keys/root.key").chmod(0o644)
    assert "chmod 600" in run("check", environment=environment).stdout
