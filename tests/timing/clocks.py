"""Two ways to take the time of an answer: as a stranger over the line, and by the processor's own account."""

import http.client
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

from tests.journeys.product import Product, acme
from tests.timing.questions import Request

csrf = "a" * 32
#: Runs a module with the product's settings; Django wants to be set up before any of its rows is imported.
set_up = "import django, runpy, sys; django.setup(); runpy.run_module(sys.argv.pop(1), run_name='__main__')"


class Clock(Protocol):
    """Sends a request and answers microseconds and the status."""

    def time(self, request: Request) -> tuple[float, int]: ...


@dataclass
class OverTheLine:
    """By the wall, from the request's first byte to the answer's last, over one connection that stays open."""

    line: http.client.HTTPConnection

    def time(self, request: Request) -> tuple[float, int]:
        spelled = _spell(request)
        began = time.perf_counter_ns()
        self.line.request(spelled["method"], spelled["path"], spelled["body"], spelled["headers"])
        answer = self.line.getresponse()
        answer.read()
        return (time.perf_counter_ns() - began) / 1_000, answer.status


@dataclass
class ByTheProcessor:
    """What the program itself worked, with nothing of the line, of waiting, or of what else the machine does."""

    program: "subprocess.Popen[str]"

    def time(self, request: Request) -> tuple[float, int]:
        assert self.program.stdin
        assert self.program.stdout
        self.program.stdin.write(json.dumps(_spell(request)) + "\n")
        self.program.stdin.flush()
        taken, status = json.loads(self.program.stdout.readline())
        return taken, status


@contextmanager
def over_the_line(product: Product) -> Iterator[Clock]:
    line = http.client.HTTPConnection("127.0.0.1", product.port, timeout=120)
    yield OverTheLine(line)
    line.close()


@contextmanager
def by_the_processor(product: Product) -> Iterator[Clock]:
    program = subprocess.Popen(
        [sys.executable, "-c", set_up, "tests.timing.inside"],
        env=product.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    with program:
        yield ByTheProcessor(program)
        assert program.stdin
        program.stdin.close()


def _spell(request: Request) -> dict[str, Any]:
    """Every request comes from a network of its own, as a patient stranger's would."""
    cookies = {"__Host-letterlock-csrf": csrf, "__Host-letterlock": request.cookie}
    headers = {
        "Host": acme,
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items() if value),
        "X-Forwarded-For": ".".join(str(1 + secrets.randbelow(250)) for _ in range(4)),
    }
    body = urlencode(request.form | {"csrfmiddlewaretoken": csrf}) if request.method == "POST" else ""
    return {"method": request.method, "path": request.path, "body": body, "headers": headers}
