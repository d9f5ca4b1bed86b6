"""Turns what was measured into `letter.json`: the three comparisons that have an aim, and everything behind them."""

import json
import os
import platform
import sqlite3
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.letter.stores import root

compared = ("list", "read", "send", "recall")
growth_aim = 1.3
over_empty_page_aims = {"list": 2.0, "read": 3.0, "send": 6.0, "recall": 6.0}
stream_aim = 0.8
libraries = ("Django", "granian", "cryptography", "psycopg", "Jinja2")


def run_module(name: str) -> dict[str, Any]:
    """What a module of ours prints as its last line."""
    done = subprocess.run([sys.executable, "-m", name], capture_output=True, text=True, check=True, cwd=root)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def report(results: dict[str, Any], *, server: str) -> dict[str, Any]:
    """Everything the file says, what has an aim first."""
    plan, operations, stream = results["plan"], results["operations"], results["stream"]
    return {
        "growth": {database: _growth(sizes) for database, sizes in operations.items()},
        "over_empty_page": {database: _over_empty(sizes["large"]["1"]) for database, sizes in operations.items()},
        "stream_over_cipher": {
            "seal": round(stream["stream_seal"] / stream["cipher_seal"], 2),
            "open": round(stream["stream_open"] / stream["cipher_open"], 2),
        },
        "aims": {"growth": growth_aim, "over_empty_page": over_empty_page_aims, "stream_over_cipher": stream_aim},
        "run": {
            "kind": plan.kind,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": results["seconds"],
            "commit": _commit(),
            "machine": _machine(),
            "versions": _versions(server),
            "plan": asdict(plan),
        },
        "operations": operations,
        "stores": results["stores"],
        "stream_gigabytes_per_second": stream,
    }


def write(report: dict[str, Any], *, to: Path) -> Path:
    """The file."""
    to.mkdir(parents=True, exist_ok=True)
    file = to / "letter.json"
    file.write_text(json.dumps(report, indent=1) + "\n")
    return file


def summary(report: dict[str, Any]) -> str:
    """What has an aim, in a few lines for the terminal."""
    lines = [f"  {name}: {json.dumps(report[name])}" for name in ("growth", "over_empty_page", "stream_over_cipher")]
    return "\n".join([*lines, *(f"  missed: {miss}" for miss in misses(report))])


def misses(report: dict[str, Any]) -> list[str]:
    """The aims that were not reached, in words."""
    missed = [
        f"growth of {one} on {database} is {value}, the aim is {growth_aim}"
        for database, values in report["growth"].items()
        for one, value in values.items()
        if value > growth_aim
    ]
    missed += [
        f"{one} on {database} takes {value} empty pages, the aim is {over_empty_page_aims[one]}"
        for database, values in report["over_empty_page"].items()
        for one, value in values.items()
        if value > over_empty_page_aims[one]
    ]
    return missed + [
        f"to {one} a stream reaches {value} of the cipher, the aim is {stream_aim}"
        for one, value in report["stream_over_cipher"].items()
        if value < stream_aim
    ]


def _growth(sizes: dict[str, Any]) -> dict[str, float]:
    small, large = sizes["small"]["1"], sizes["large"]["1"]
    return {one: round(large[one]["p50_ms"] / small[one]["p50_ms"], 2) for one in compared}


def _over_empty(operations: dict[str, Any]) -> dict[str, float]:
    return {one: round(operations[one]["p50_ms"] / operations["empty page"]["p50_ms"], 2) for one in compared}


def _commit() -> str:
    """What was measured; `+` where files differ from the commit."""
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", "letterlock", "bench/letter")
    return (_git("rev-parse", "--short=12", "HEAD") or "unknown") + ("+" if changed else "")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=False, cwd=root).stdout.strip()


def _machine() -> dict[str, Any]:
    """What a reader needs to judge the numbers; not the machine's name."""
    told = Path("/proc/cpuinfo").read_text()
    model = next((line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": model or platform.processor(),
        "cpus": os.cpu_count(),
        "memory_gb": round(memory / 1e9),
        "load_at_end": round(os.getloadavg()[2], 1),
    }


def _versions(server: str) -> dict[str, str]:
    versions = {name: version(name) for name in libraries}
    versions |= {
        "Python": platform.python_version(),
        "Linux": platform.release().partition("-")[0],
        "SQLite": sqlite3.sqlite_version,
    }
    return versions | ({"PostgreSQL": _postgresql(server)} if server else {})


def _postgresql(server: str) -> str:
    import psycopg

    with psycopg.connect(dbname="postgres", user="letterlock", host=server) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]) if row else ""
