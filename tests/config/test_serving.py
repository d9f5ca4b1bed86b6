"""Processes that live and die together."""

import signal
import sys
import threading
from collections.abc import Iterator

import pytest

from letterlock.config.serving import Company, Program

sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
quitter = [sys.executable, "-c", "pass"]


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    signs = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(sign) for sign in signs]
    yield
    for sign, handler in zip(signs, before, strict=True):
        signal.signal(sign, handler)


def test_when_one_ends_the_company_knows_which() -> None:
    company = Company([Program(name="web", command=sleeper), Program(name="worker", command=quitter)], {})
    company.start()
    try:
        assert company.wait() == "worker"
    finally:
        company.stop()
    assert all(process.poll() is not None for process in company.running.values())


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(sign: signal.Signals) -> None:
    company = Company([Program(name="web", command=sleeper)], {})
    company.start()
    threading.Timer(0.05, signal.raise_signal, [sign]).start()
    try:
        assert company.wait() == ""
    finally:
        company.stop()
    assert company.is_stopping
    assert company.running["web"].poll() is not None


def test_a_program_is_started_anew() -> None:
    company = Company([Program(name="web", command=sleeper), Program(name="worker", command=sleeper)], {})
    company.start()
    before = dict(company.running)
    try:
        company.restart("web")
        assert company.running["web"].pid != before["web"].pid
        assert company.running["worker"] is before["worker"]
    finally:
        company.stop()
