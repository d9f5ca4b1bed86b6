"""A PostgreSQL server of one test's own, which can be stopped and started, by the same shell as `bin/test` uses."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.journeys.product import root

prelude = "set -euo pipefail; . dev/shell/machine.sh; . dev/shell/postgresql.sh; prepare_folder; export commits=on;"


@dataclass(frozen=True)
class Cluster:
    """Where the server's files and its socket are."""

    folder: str

    @property
    def address(self) -> str:
        return f"postgresql://letterlock@/postgres?host={self.folder}"

    def halt(self) -> None:
        _shell(f"cluster={self.folder}; halt_cluster")

    def run(self) -> None:
        _shell(f"cluster={self.folder}; run_cluster")


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A fresh server, until the end of the block."""
    cluster = Cluster(_shell("start_cluster >&2; echo $cluster").strip())
    try:
        yield cluster
    finally:
        _shell(f"cluster={cluster.folder}; stop_cluster")


def _shell(words: str) -> str:
    done = subprocess.run(["bash", "-c", f"{prelude} {words}"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
