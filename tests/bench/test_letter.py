"""The benchmark runs from beginning to end, at a size whose numbers mean nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from bench import scaling
from bench.letter import reporting
from bench.letter.measuring import operations

root = Path(__file__).resolve().parents[2]


def options() -> list[str]:
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        return ["--only", "sqlite"]
    return ["--only", "postgresql", "--postgresql", str(database["HOST"])]


def test_a_toy_run_ends_with_results_and_a_page(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.letter", "--toy", "--results", str(tmp_path), *options()]
    done = subprocess.run(
        command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "letter.json").read_text())
    (database,) = report["growth"]
    assert set(report["growth"][database]) == set(report["over_empty_page"][database]) == set(reporting.compared)
    assert {"seal", "open"} == set(report["stream_over_cipher"])
    for size in ("small", "large"):
        assert set(report["operations"][database][size]["8"]) == set(operations)
        assert all(numbers["p50_ms"] > 0 for numbers in report["operations"][database][size]["1"].values())
    assert "<svg" in (tmp_path / "letter.html").read_text()


@pytest.mark.skipif(not scaling.results.exists(), reason="nothing was measured yet: bin/bench letter")
def test_the_page_on_scaling_says_what_the_results_say() -> None:
    report = json.loads(scaling.results.read_text())
    assert scaling.page.read_text() == scaling.rewritten(scaling.page.read_text(), report)
