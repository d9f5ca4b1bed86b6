"""Does the arithmetic of `docs/scaling.md` from `letter.json`, and writes its tables, so that the two cannot disagree.

`bin/bench scaling` after a run; everything outside the marks in the page is written by hand.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

root = Path(__file__).resolve().parents[1]
page = root / "docs/scaling.md"
results = root / "bench/results/letter.json"
sizes = (10_000, 1_000_000, 100_000_000)
marks = re.compile(r"(<!-- (\w+): written by bin/bench scaling -->\n).*?(<!-- end -->)", re.DOTALL)

# ── what is assumed: how people use it, and what machines cost ─────────────────

recipients = 1.5
pages_per_message = 12  # lists and messages looked at by everybody around one message
saves_per_message = 6  # of a draft, the first included
questions_per_message = 150  # "what is new?", from pages that stay open
busy_hours_a_month = 21 * 8
peak = 2.0  # the busiest hour over the mean of busy hours
used = 0.5  # how far processors are filled in that hour
kept_months = 24
euros_a_core = 15.0  # a month, with 4 GB of memory
euros_a_gigabyte = 0.10  # a month, on SSD, with its copy


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What one message costs in all, by the measurements on PostgreSQL at the large size."""

    web_seconds: float
    asking_seconds: float  # of `web_seconds`
    database_seconds: float
    worker_seconds: float
    bytes: float
    key_bytes: float


def costs_of(report: dict[str, Any]) -> Costs:
    """The sum over everything that happens around one message."""
    measured = report["operations"]["postgresql"]["large"]["8"]
    store = report["stores"]["postgresql"]["large"]
    messages = report["run"]["plan"]["platforms"][1]
    times = {
        "write": 1 + (saves_per_message - 1) / 2,  # "write" is two requests: begin, and save once
        "send": 1.0,
        "read": recipients,
        "list": float(pages_per_message),
        "changes": float(questions_per_message),
    }
    web = {name: count * measured[name]["web_cpu_ms"] / 1000 for name, count in times.items()}
    database = sum(count * measured[name]["database_cpu_ms"] / 1000 for name, count in times.items())
    return Costs(
        web_seconds=sum(web.values()),
        asking_seconds=web["changes"],
        database_seconds=database,
        worker_seconds=store["worker"]["cpu_ms_a_letter"] / 1000 * recipients,
        bytes=store["bytes"]["default"] / messages * (1 + recipients) / 2,
        key_bytes=store["bytes"]["keystore"] / messages * (1 + recipients) / 2,
    )


def tables(report: dict[str, Any]) -> dict[str, str]:
    """Every table of the page, by its name."""
    costs = costs_of(report)
    return {
        "message": "\n".join(_message(costs)),
        "months": "\n".join(_months(costs)),
        "measured": "\n".join(_measured(report)),
    }


def rewritten(text: str, report: dict[str, Any]) -> str:
    """The page with its tables written anew."""
    made = tables(report)
    return marks.sub(lambda found: f"{found[1]}{made[found[2]]}\n{found[3]}", text)


def _measured(report: dict[str, Any]) -> Iterator[str]:
    run = report["run"]
    yield f"From the {run['kind']} run of commit {run['commit']} on {run['machine']['cpus']} × {run['machine']['cpu']}:"
    yield ""
    yield "| PostgreSQL, large | p50 ms, one client | a second, eight clients | web CPU ms | database CPU ms |"
    yield "| --- | --- | --- | --- | --- |"
    measured = report["operations"]["postgresql"]["large"]
    for name, numbers in measured["8"].items():
        cells = (
            measured["1"][name]["p50_ms"],
            numbers["per_second"],
            numbers["web_cpu_ms"],
            numbers["database_cpu_ms"],
        )
        yield f"| {name} | " + " | ".join(f"{cell:g}" for cell in cells) + " |"


def _message(costs: Costs) -> Iterator[str]:
    yield "| one message | in all |"
    yield "| --- | --- |"
    asking = f"{costs.asking_seconds / costs.web_seconds:.0%} of it pages asking what is new"
    yield f"| web processes | {costs.web_seconds:.2f} s of a core, {asking} |"
    yield f"| database | {costs.database_seconds:.2f} s of a core |"
    yield f"| worker | {costs.worker_seconds:.2f} s of a core |"
    yield f"| main database | {costs.bytes / 1000:.1f} kB |"
    yield f"| keystore | {costs.key_bytes / 1000:.1f} kB |"


def _months(costs: Costs) -> Iterator[str]:
    yield "| messages a month | " + " | ".join(f"{size:,}" for size in sizes) + " |"
    yield "| --- |" + " --- |" * len(sizes)
    for name, told in _lines(costs):
        yield f"| {name} | " + " | ".join(told) + " |"


def _lines(costs: Costs) -> Iterator[tuple[str, list[str]]]:
    rates = [size / (busy_hours_a_month * 3600) * peak for size in sizes]
    yield "messages a second in the busiest hour", [f"{rate:,.2f}" for rate in rates]
    seconds = {
        "web": costs.web_seconds,
        "database": costs.database_seconds,
        "worker": costs.worker_seconds,
    }
    cores = {name: [rate * cost / used for rate in rates] for name, cost in seconds.items()}
    for name, each in cores.items():
        yield f"{name}: cores", [f"{one:,.1f}" for one in each]
    main = [size * kept_months * costs.bytes for size in sizes]
    keys = [size * kept_months * costs.key_bytes for size in sizes]
    yield f"main database after {kept_months} months", [_spell(one) for one in main]
    yield f"keystore after {kept_months} months", [_spell(one) for one in keys]
    bought = [max(2.0, sum(each[number] for each in cores.values())) for number in range(len(sizes))]
    money = [
        core * euros_a_core + (one + other) / 1e9 * euros_a_gigabyte
        for core, one, other in zip(bought, main, keys, strict=True)
    ]
    yield "euros a month", [f"{one:,.0f}" for one in money]
    yield "euros a thousand messages", [f"{one / size * 1000:,.2f}" for one, size in zip(money, sizes, strict=True)]


def _spell(length: float) -> str:
    for unit, size in (("TB", 1e12), ("GB", 1e9)):
        if length >= size:
            return f"{length / size:,.1f} {unit}"
    return f"{length / 1e6:,.0f} MB"


def main() -> None:
    """Write the page's tables anew."""
    page.write_text(rewritten(page.read_text(), json.loads(results.read_text())))
    sys.stdout.write(f"  {page.relative_to(root)} says what {results.relative_to(root)} says.\n")


if __name__ == "__main__":
    main()
