"""Draws `letter.html`: one page without scripts that says what was measured, on what, and which aims were missed."""

from collections.abc import Iterator
from html import escape
from math import log10
from pathlib import Path
from typing import Any

from bench.letter import reporting
from bench.letter.measuring import clients, operations

style = """
:root { color-scheme: light dark; --ink: #1d2422; --quiet: #68716e; --line: #d8dedb; --small: #b8862b; --large: #1f5f4f;
  --paper: #fbfaf7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ece9; --quiet: #9aa5a0; --line: #39423f; --small: #e0b45c;
  --large: #6fc3aa; --paper: #161a19; } }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; font-size: 1.15rem; } p, figcaption { max-width: 44rem; }
figure { margin: 1rem 0; } svg { width: 100%; height: auto; }
figcaption, .quiet { color: var(--quiet); font-size: .9rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); text-align: right; }
th:first-child, td:first-child { text-align: left; } .missed { font-weight: 700; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; } svg .quiet { fill: var(--quiet); }
svg line.grid { stroke: var(--line); } .small { fill: var(--small); stroke: var(--small); }
.large { fill: var(--large); stroke: var(--large); }
"""
left, right, top, row_height = 110, 860, 30, 44
scale_ms = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def draw(report: dict[str, Any], *, to: Path) -> Path:
    """The page beside the file of results."""
    file = to / "letter.html"
    file.write_text("".join(_page(report)), encoding="utf-8")
    return file


def _page(report: dict[str, Any]) -> Iterator[str]:
    run = report["run"]
    yield '<!doctype html><html lang="en"><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width"><title>How fast a letter is</title>'
    yield f"<style>{style}</style>"
    yield "<h1>How fast a letter is sent, listed, read and recalled</h1>"
    yield f"<p>{escape(_where(run))}</p><p>{escape(_sizes(run['plan']))}</p>"
    yield "<h2>Aims</h2>" + _aims(report)
    for database, sizes in report["operations"].items():
        yield f"<h2>{_name(database)}</h2>"
        yield f"<figure>{_plot(sizes)}<figcaption>{escape(_caption(run['plan']))}</figcaption></figure>"
        yield _table(sizes)
    yield f"<h2>Streams</h2>{_streams(report['stream_gigabytes_per_second'])}"
    versions = ", ".join(f"{name} {number}" for name, number in run["versions"].items())
    yield f'<p class="quiet">{escape(versions)}. Measured by <code>bin/bench letter</code>; '
    yield "all numbers are in letter.json.</p></html>\n"


def _where(run: dict[str, Any]) -> str:
    machine = run["machine"]
    return (
        f"Commit {run['commit']}, {run['at'][:16].replace('T', ' ')} UTC, {machine['cpus']} × {machine['cpu']}, "
        f"{machine['memory_gb']} GB of memory; the {run['kind']} run took {run['seconds'] / 60:.0f} minutes. "
        f"Client, web process and database share these processors. Load at the end: {machine['load_at_end']}."
    )


def _sizes(plan: dict[str, Any]) -> str:
    around = plan["platforms"]
    return (
        f"Small: {plan['small']:,} messages in the mailbox, {around[0]:,} on the platform. Large: {plan['large']:,} "
        f"and {around[1]:,}. Each answer comes from the real web process over HTTP, with session and CSRF token. The "
        "newest letters of the mailbox are really sealed; the others are copies of their rows under new ids, which "
        "nobody opens."
    )


def _caption(plan: dict[str, Any]) -> str:
    return (
        f"One client, milliseconds on a logarithmic scale: a dot is the median, its line ends at the 99th percentile. "
        f"Upper, ochre: {plan['small']:,} messages in the mailbox. Lower, green: {plan['large']:,}."
    )


def _name(database: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[database]


# ── what has an aim ───────────────────────────────────────────────────────────


def _aims(report: dict[str, Any]) -> str:
    aims = report["aims"]
    lines = [("", *reporting.compared)]
    for database in report["growth"]:
        growth = [_value(report["growth"][database][one], most=aims["growth"]) for one in reporting.compared]
        over = [
            _value(report["over_empty_page"][database][one], most=aims["over_empty_page"][one])
            for one in reporting.compared
        ]
        lines += [(f"{_name(database)}: large over small", *growth), (f"{_name(database)}: over an empty page", *over)]
    stream = report["stream_over_cipher"]
    words = (
        f"Aims: growth at most {aims['growth']}; over an empty page at most "
        + ", ".join(f"{one} {most:g}" for one, most in aims["over_empty_page"].items())
        + f". A sealed stream over the bare cipher: seals {stream['seal']}, opens {stream['open']}; aim "
        f"{aims['stream_over_cipher']} at least."
    )
    missed = "".join(f'<li class="missed">Missed: {escape(miss)}.</li>' for miss in reporting.misses(report))
    return _rows(lines) + f"<p>{escape(words)}</p>" + (f"<ul>{missed}</ul>" if missed else "<p>No aim was missed.</p>")


def _value(value: float, *, most: float) -> str:
    return f"{value:.2f}" if value <= most else f"{value:.2f} (missed)"


# ── one database ──────────────────────────────────────────────────────────────


def _plot(sizes: dict[str, Any]) -> str:
    most = max(numbers["p99_ms"] for size in sizes.values() for numbers in size["1"].values())
    least = min(numbers["p50_ms"] for size in sizes.values() for numbers in size["1"].values())
    ends = (
        max(one for one in scale_ms if one <= max(0.5, least)),
        min((one for one in scale_ms if one >= most), default=most),
    )
    height = top + row_height * len(operations) + 10
    drawn = [f'<svg viewBox="0 0 {right + 30} {height}" role="img" aria-label="Medians and 99th percentiles">']
    for mark in (one for one in scale_ms if ends[0] <= one <= ends[1]):
        x = _across(mark, ends)
        drawn.append(f'<line class="grid" x1="{x}" x2="{x}" y1="{top - 8}" y2="{height}"/>')
        drawn.append(f'<text class="quiet" x="{x}" y="14" text-anchor="middle">{mark} ms</text>')
    for number, operation in enumerate(operations):
        y = top + row_height * number + row_height // 2
        drawn.append(f'<text x="0" y="{y + 4}">{operation}</text>')
        drawn += [
            _mark(sizes[size]["1"][operation], size, y + shift, ends) for size, shift in (("small", -8), ("large", 8))
        ]
    return "".join(drawn) + "</svg>"


def _mark(numbers: dict[str, float], size: str, y: int, ends: tuple[float, float]) -> str:
    start, end = _across(numbers["p50_ms"], ends), _across(numbers["p99_ms"], ends)
    return (
        f'<line class="{size}" x1="{start}" x2="{end}" y1="{y}" y2="{y}" stroke-width="2"/>'
        f'<circle class="{size}" cx="{start}" cy="{y}" r="5"/>'
        f'<line class="{size}" x1="{end}" x2="{end}" y1="{y - 5}" y2="{y + 5}" stroke-width="2"/>'
    )


def _across(milliseconds: float, ends: tuple[float, float]) -> float:
    share = (log10(max(milliseconds, ends[0])) - log10(ends[0])) / (log10(ends[1]) - log10(ends[0]))
    return round(left + share * (right - left), 1)


def _table(sizes: dict[str, Any]) -> str:
    many = f"{clients} clients"
    head = (
        "",
        "size",
        "p50 ms",
        "p99 ms",
        "a second",
        f"{many}: p50",
        "p99",
        "a second",
        "web CPU ms",
        "database CPU ms",
    )
    lines: list[tuple[str, ...]] = [head]
    for operation in operations:
        for size, counts in sizes.items():
            one, crowd = counts["1"][operation], counts[str(clients)][operation]
            times = [f"{numbers[key]:g}" for numbers in (one, crowd) for key in ("p50_ms", "p99_ms", "per_second")]
            lines.append((operation, size, *times, f"{crowd['web_cpu_ms']:g}", f"{crowd['database_cpu_ms']:g}"))
    return _rows(lines)


def _streams(speeds: dict[str, float]) -> str:
    return _rows(
        [("", "GB per second of one processor"), *((_spoken(name), f"{value:g}") for name, value in speeds.items())]
    )


def _spoken(name: str) -> str:
    return {
        "cipher_seal": "AES-256-GCM alone, sealing",
        "stream_seal": "the sealed stream, sealing",
        "cipher_open": "AES-256-GCM alone, opening",
        "stream_open": "the sealed stream, opening",
        "stream_seal_with_digests": "sealing with the manifest's SHA-256 and CRC-32",
    }[name]


def _rows(lines: list[tuple[str, ...]]) -> str:
    head, *others = lines
    told = "<tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in head) + "</tr>"
    for line in others:
        told += "<tr>" + "".join(_cell(cell) for cell in line) + "</tr>"
    return f'<div class="scroll"><table>{told}</table></div>'


def _cell(cell: str) -> str:
    return f'<td class="missed">{escape(cell)}</td>' if "missed" in cell else f"<td>{escape(cell)}</td>"
