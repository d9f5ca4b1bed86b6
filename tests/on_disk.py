"""What lies in the files of a store that this very process has open.

They are read, and copied, by another process. When a process closes any of its handles on a file, POSIX drops all locks
it has on that file, SQLite's among them ("How To Corrupt An SQLite Database File", 2.2). The next process to leave the
store then takes itself for the last one and deletes the write-ahead log, and from there every new connection of ours
answers "disk I/O error".
"""

import subprocess
from pathlib import Path


def bytes_of(*files: Path) -> bytes:
    """The bytes of these files, one after the other."""
    return subprocess.run(["cat", *map(str, files)], check=True, capture_output=True).stdout


def copy_of(file: Path, *, to: Path) -> Path:
    """A copy of the file as it is now."""
    subprocess.run(["cp", str(file), str(to)], check=True)
    return to
