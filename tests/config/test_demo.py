"""The demo's ways of saying no: a sentence each, and nothing started."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from letterlock.config import demo

root = Path(__file__).resolve().parents[2]


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("option", ["--port", "--mail-port", "--smtp-port"])
def test_a_busy_port_is_one_sentence_that_says_what_to_do(busy_port: int, option: str) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "letterlock.config.demo", option, str(busy_port)],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 1
    assert outcome.stderr.strip() == (
        f"Port {busy_port} is in use by another program. Stop that one, or run: bin/demo {option} {busy_port + 1}"
    )


def test_a_real_host_name_stops_it(stores: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from letterlock.domain.platforms import founding
    from tests.cast import founded_at

    founding.found_platform(
        name="Real", host="mail.example.com", accent="#1f5f4f", support_address="help@example.com", at=founded_at
    )
    with pytest.raises(demo.Stop, match=r"mail\.example\.com is a real host name"):
        demo._refuse_real_hosts()


@pytest.mark.parametrize(("filled", "filling"), [(False, ["collectstatic", "seed_demo"]), (True, ["collectstatic"])])
def test_a_new_version_starts_on_the_letters_of_the_old_one(
    stores: None, monkeypatch: pytest.MonkeyPatch, *, filled: bool, filling: list[str]
) -> None:
    from django.core import management

    from letterlock.config import preparing
    from letterlock.domain.platforms import founding
    from tests.cast import founded_at

    called: list[str] = []
    monkeypatch.setattr(management, "call_command", lambda name, **_: called.append(name))
    monkeypatch.setattr(preparing, "prepare", lambda: None)
    if filled:
        founding.found_platform(
            name="Acme", host="acme.localhost", accent="#1f5f4f", support_address="help@example.com", at=founded_at
        )
    demo._fill()
    assert called == filling


def test_settings_of_a_real_installation_are_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"LETTERLOCK_DATABASE": "postgresql://real/letters", "PATH": "/bin"})
    monkeypatch.setattr(sys, "argv", ["bin/demo"])
    demo._set_environment(demo._read_options())
    assert "LETTERLOCK_DATABASE" not in os.environ
    assert os.environ["LETTERLOCK_VAR"].endswith("var/demo")
