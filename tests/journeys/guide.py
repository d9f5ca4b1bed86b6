"""docs/operators.md as a program: its files and commands, in the order of the page, carried out in a folder.

What the page says of `/etc`, `/var` and `/opt` means that folder here; `sudo`, `chown` and `systemctl` are stand-ins.
The one for systemd reads the units of the page and starts, stops and runs what they say.
"""

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.patience import hang_seconds

checkout = Path(__file__).parents[2]
page = checkout / "docs/operators.md"
_section = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
_block = re.compile(
    r"^<!-- (?P<kind>run|file|not run): (?P<words>[^\n]+) -->\n```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """One fenced block, and what the comment above it says is to be done with it."""

    section: str
    kind: str
    words: str
    text: str

    @property
    def group(self) -> str:
        return self.words.split()[0]


def blocks(*sections: str) -> list[Block]:
    """The blocks of these sections, in this order; of the whole page when none is named."""
    found = _blocks_by_section()
    return [block for title in sections or found for block in found[title]]


def count_fences() -> int:
    """How many blocks the page has, marked or not."""
    return page.read_text(encoding="utf-8").count("\n```") // 2


def _blocks_by_section() -> dict[str, list[Block]]:
    _before, *parts = _section.split(page.read_text(encoding="utf-8"))
    titles, texts = parts[::2], parts[1::2]
    return {
        title: [Block(title, one["kind"], one["words"], one["text"]) for one in _block.finditer(text)]
        for title, text in zip(titles, texts, strict=True)
    }


@dataclass
class Workshop:
    """A folder that stands for the machine."""

    root: Path
    port: int
    sockets: Path | None = None
    said: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stubs = {"sudo": _sudo, "chown": "#!/bin/sh\n", "systemctl": f"#!{sys.executable}\n{_systemctl}"}
        for name, text in stubs.items():
            self._write(self.root / "stubs" / name, text)

    def put(self, text: str) -> str:
        """The page's words, with this folder's places."""
        places = {
            "/opt/letterlock": str(checkout),
            "/etc/": f"{self.root}/etc/",
            "/var/lib/": f"{self.root}/var/lib/",
            "/var/backups/": f"{self.root}/var/backups/",
            "/usr/local/bin": f"{self.root}/usr/local/bin",
            "/var/run/postgresql": str(self.sockets),
            "mail.example.com": "mail.localhost",
            "8000": str(self.port),
        }
        for there, here in places.items():
            text = text.replace(there, here)
        return text

    def carry_out(self, block: Block) -> str:
        """Write the file or run the commands; what they said. Fails when one of them fails."""
        if block.kind == "file":
            self._write(Path(self.put(block.words.split()[1])), self.put(block.text))
            return ""
        done = self.run(block)
        assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}\n{self.logs()}"
        return done.stdout + done.stderr

    def run(self, block: Block) -> "subprocess.CompletedProcess[str]":
        """Run the block's commands as the page has them, ending with the first that fails."""
        script = "set -e\n" + self.put(block.text)
        done = subprocess.run(
            ["/bin/bash", "-c", script],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=hang_seconds,
        )
        self.said[block.text] = done.stdout + done.stderr
        return done

    def said_of(self, words: str) -> str:
        """What the block with these words said."""
        (said,) = [said for text, said in self.said.items() if words in text]
        return said

    def environment(self) -> dict[str, str]:
        """Nothing of the test run's own settings."""
        path = [
            self.root / "stubs",
            self.root / "usr/local/bin",
            "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/bin",
        ]
        sockets = {"PGHOST": str(self.sockets)} if self.sockets else {}
        return {"PATH": ":".join(map(str, path)), "HOME": str(self.root), "WORKSHOP": str(self.root), **sockets}

    def systemctl(self, *words: str) -> None:
        subprocess.run([self.root / "stubs/systemctl", *words], env=self.environment(), check=True)

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in (self.root / "run").glob("*.log"))

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            path.chmod(0o755)


_sudo = """#!/bin/sh
if [ "$1" = -u ]; then
  [ "$2" = postgres ] && export PGUSER=postgres
  shift 2
fi
exec "$@"
"""

_systemctl = '''
"""Starts and stops what the units say, as systemd would for one user."""
import configparser, os, shlex, signal, subprocess, sys, time
from pathlib import Path

root = Path(os.environ["WORKSHOP"])
elsewhere = {"caddy", "nginx", "postgresql"}

def unit(name):
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    assert read.read(root / "etc/systemd/system" / name), name
    return read

def environment(service):
    words = shlex.split(Path(service["EnvironmentFile"]).read_text())
    return {"PATH": os.environ["PATH"], "HOME": str(root), **dict(word.split("=", 1) for word in words)}

def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

def start(name):
    if name.endswith(".timer"):
        assert unit(name)["Timer"]["OnCalendar"]
        return
    service = unit(name)["Service"]
    command = shlex.split(service["ExecStart"])
    (root / "run").mkdir(exist_ok=True)
    log = (root / "run" / (name + ".log")).open("ab")
    if service.get("Type") == "oneshot":
        sys.exit(subprocess.call(command, env=environment(service), stdout=log, stderr=log))
    pid = root / "run" / (name + ".pid")
    process = subprocess.Popen(command, env=environment(service), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                               start_new_session=True)
    pid.write_text(str(process.pid))

def stop(name):
    file = root / "run" / (name + ".pid")
    if not file.exists():
        return
    pid = int(file.read_text())
    if is_running(pid):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + int(unit(name)["Service"]["TimeoutStopSec"])
    while is_running(pid):
        assert time.monotonic() < deadline, "it did not end in time"
        time.sleep(0.05)
    file.unlink()

verb, *names = [word for word in sys.argv[1:] if not word.startswith("--")]
for name in names:
    if name in elsewhere:
        continue
    name = name if "." in name else name + ".service"
    if verb in {"stop", "restart"}:
        stop(name)
    if verb in {"start", "restart", "enable"}:
        start(name)
'''
