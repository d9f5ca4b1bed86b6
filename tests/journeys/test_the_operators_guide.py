"""docs/operators.md, carried out: every file of it loaded, every command of it run."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from tests.journeys.guide import Block, Workshop, blocks, count_fences
from tests.once import only_once
from tests.patience import hang_seconds, wait_until
from tests.ports import free_port

postgresql = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
on_sqlite = django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


def find(program: str) -> str | None:
    """Where a server's program is; /usr/sbin is not on everybody's path."""
    return shutil.which(program, path="/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin")


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    made = Workshop(tmp_path, free_port())
    yield made
    if (tmp_path / "run").exists():
        made.systemctl("stop", "letterlock")


@only_once
def test_every_block_of_the_page_says_what_becomes_of_it() -> None:
    assert len(blocks()) == count_fences()
    groups = {block.group for block in blocks() if block.kind != "not run"}
    assert groups == {"machine", "machine-lost", "machine-journal", "machine-sweep", "caddy", "nginx", "postgresql"}
    assert [block.section for block in blocks() if block.kind == "not run"] == [
        "One machine",
        "PostgreSQL",
        "Upgrading",
    ]


@pytest.mark.skipif(not on_sqlite, reason="belongs to the suite on SQLite")
def test_one_machine_from_the_first_command_to_the_last(workshop: Workshop) -> None:
    for block in blocks():
        carry_out(workshop, block)
    assert "https://mail.localhost/set-up/" in workshop.said_of("platforms create")
    assert "The database is as it was at" in workshop.said_of("--only database")
    demand_page(workshop)
    for proxy in filter(find, starters):
        demand_page_through(proxy, workshop)


@pytest.mark.skipif(on_sqlite or not postgresql, reason="belongs to the suite on PostgreSQL")
def test_the_same_on_postgresql(workshop: Workshop) -> None:
    later = [
        "The first platform",
        "Backing up",
        "Checking the ledger",
        "Losing a disk",
        "Upgrading",
        "When something is wrong",
    ]
    main, keystore = [one for one in blocks("PostgreSQL") if one.kind == "file"]
    with servers({5432: main.text, 5433: keystore.text}) as sockets:
        workshop.sockets = sockets
        for block in blocks("One machine", "PostgreSQL", *later):
            carry_out(workshop, block, with_postgresql=True)
        demand_page(workshop)
        workshop.systemctl("stop", "letterlock")


@only_once
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_the_units(workshop: Workshop) -> None:
    units = [block for block in blocks() if block.kind == "file" and "/systemd/" in block.words]
    for block in units:
        workshop.carry_out(block)
    paths = [workshop.put(block.words.split()[1]) for block in units]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "letterlock" in line and "Unit " not in line]
    assert ours == []
    assert len(paths) == 5


@only_once
@pytest.mark.parametrize("proxy", ["caddy", "nginx"])
def test_a_proxy_passes_a_body_on_as_it_comes_and_says_who_sent_it(workshop: Workshop, proxy: str) -> None:
    if not find(proxy):
        pytest.skip(f"{proxy} is not installed")
    backend = Listener(workshop.port)
    with backend.listening(), started(proxy, workshop) as port, connected(port) as line:
        size, first = 1 << 20, 1 << 16
        line.sendall(
            b"POST /slowly HTTP/1.1\r\nHost: mail.localhost\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: http\r\n"
            b"X_Forwarded_For: 7.7.7.7\r\nX-Forwarded_For: 8.8.8.8\r\nX_Forwarded_Proto: http\r\n"
            b"Content-Length: %d\r\nConnection: close\r\n\r\n" % size + bytes(first)
        )
        wait_until(lambda: backend.received >= first, "the first bytes arrive")
        assert backend.received < size
        line.sendall(bytes(size - first))
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert backend.received == size
    assert answer.startswith(b"HTTP/1.1 200")
    assert backend.headers["host"] == "mail.localhost"
    assert backend.headers["x-forwarded-for"] == "127.0.0.1"
    assert backend.headers["x-forwarded-proto"] == "https"
    assert [name for name in backend.headers if "_" in name] == []
    assert [log for log in workshop.root.rglob("*.log") if "/slowly" in log.read_text()] == []


# ── the machine ───────────────────────────────────────────────────────────────


def carry_out(workshop: Workshop, block: Block, *, with_postgresql: bool = False) -> None:
    """What the page means with this block, and what must have happened before it."""
    if block.kind == "not run" or block.group in {"caddy", "nginx"}:
        return
    if block.group == "postgresql" and not with_postgresql:
        return
    if block.group == "machine-lost":
        lose_machine(workshop)
    elif block.group == "machine-journal":
        (workshop.root / "var/lib/letterlock-keys/destruction.journal").unlink()
    if block.group == "machine-sweep":
        refused = workshop.run(block)
        assert refused.returncode == 1
        assert "Within 7 days" in refused.stderr
        return
    workshop.carry_out(block)


def lose_machine(workshop: Workshop) -> None:
    workshop.systemctl("stop", "letterlock")
    for store in ("letterlock", "letterlock-keystore"):
        shutil.rmtree(workshop.root / "var/lib" / store)


def demand_page(workshop: Workshop) -> None:
    wait_until(lambda: status_of(workshop.port) == 200, "the pages are there", workshop.logs)


def demand_page_through(proxy: str, workshop: Workshop) -> None:
    with started(proxy, workshop) as port, connected(port) as line:
        line.sendall(b"GET /sign-in/ HTTP/1.1\r\nHost: mail.localhost\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"strict-transport-security" in answer.lower()
    assert b"Acme Legal" in answer


def status_of(port: int) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=hang_seconds)
    try:
        line.request("GET", "/sign-in/", headers={"Host": "mail.localhost", "X-Forwarded-Proto": "https"})
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()


# ── proxies ───────────────────────────────────────────────────────────────────


@dataclass
class Listener:
    """Stands behind a proxy, counts what arrives, and keeps the request's headers."""

    port: int
    received: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def listening(self) -> Iterator[None]:
        with socket.create_server(("127.0.0.1", self.port)) as server:
            thread = threading.Thread(target=self._serve, args=(server,), daemon=True)
            thread.start()
            yield
            thread.join(hang_seconds)

    def _serve(self, server: socket.socket) -> None:
        line, _address = server.accept()
        with line, line.makefile("rb") as stream:
            stream.readline()
            self.headers = dict(self._headers(stream))
            while self.received < int(self.headers["content-length"]):
                self.received += len(stream.read1(65536))
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    @staticmethod
    def _headers(stream: object) -> Iterator[tuple[str, str]]:
        for raw in iter(stream.readline, b"\r\n"):  # type: ignore[attr-defined]  # a buffered reader of a socket
            name, _colon, value = raw.decode().strip().partition(": ")
            yield name.lower(), value


@contextmanager
def started(proxy: str, workshop: Workshop) -> Iterator[int]:
    """The proxy with the page's settings on a port of its own, before whatever listens on the workshop's."""
    port = free_port()
    command = starters[proxy](workshop, port)
    process = subprocess.Popen(command, env=workshop.environment(), stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: accepts(port), "the proxy listens")
        yield port
    finally:
        process.terminate()
        process.wait(hang_seconds)


def caddy(workshop: Workshop, port: int) -> list[str]:
    """A certificate of its own authority, and no port that others may have."""
    for_the_test = f"{{\n\tadmin off\n\tskip_install_trust\n\thttp_port {free_port()}\n\thttps_port {port}\n}}\n"
    for block in blocks("One machine"):
        if block.group == "caddy":
            workshop.carry_out(block)
    file = workshop.root / "etc/caddy/Caddyfile"
    file.write_text(for_the_test + file.read_text())
    return ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]


def nginx(workshop: Workshop, port: int) -> list[str]:
    """Debian's nginx.conf would do the same: it includes what lies in conf.d."""
    make_certificate(workshop.root / "etc/letterlock/tls")
    file, commands = (block for block in blocks("One machine") if block.group == "nginx")
    workshop.carry_out(file)
    site = workshop.root / "etc/nginx/conf.d/letterlock.conf"
    ports = {"listen 443": f"listen 127.0.0.1:{port}", "listen 80": f"listen 127.0.0.1:{free_port()}"}
    text = "\n".join(line for line in site.read_text().splitlines() if "listen [::]" not in line)
    for there, here in ports.items():
        text = text.replace(there, here)
    site.write_text(text)
    temporary = workshop.root / "nginx"
    temporary.mkdir()
    folders = "".join(
        f"{kind}_temp_path {temporary}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = workshop.root / "etc/nginx/nginx.conf"
    main.write_text(
        f"daemon off; pid {temporary}/pid; error_log {temporary}/error.log; events {{}}\n"
        f"http {{ access_log {temporary}/access.log; {folders} include {site}; }}\n"
    )
    wrapper = workshop.root / "stubs/nginx"
    wrapper.write_text(f'#!/bin/sh\nexec {find("nginx")} -c {main} "$@"\n')
    wrapper.chmod(0o755)
    workshop.carry_out(commands)
    return [str(wrapper)]


starters: dict[str, Callable[[Workshop, int], list[str]]] = {"caddy": caddy, "nginx": nginx}


def make_certificate(folder: Path) -> None:
    folder.mkdir(parents=True)
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=mail.localhost"
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(["openssl", *words.split(), *files], check=True, capture_output=True)


@contextmanager
def connected(port: int) -> Iterator[ssl.SSLSocket]:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the test's own authority
    plain = socket.create_connection(("127.0.0.1", port), timeout=hang_seconds)
    with plain, context.wrap_socket(plain, server_hostname="mail.localhost") as line:
        yield line


def accepts(port: int) -> bool:
    try:
        with connected(port):
            return True
    except OSError:
        return False


# ── PostgreSQL ────────────────────────────────────────────────────────────────


@contextmanager
def servers(settings: dict[int, str]) -> Iterator[Path]:
    """A server for each port, with these settings, in a folder of sockets that the service's user reaches."""
    folder = Path(tempfile.mkdtemp(prefix="letterlock-guide-"))
    folder.chmod(0o777)  # the servers run as another user than the test
    try:
        for port, text in settings.items():
            as_postgres("initdb", "--pgdata", f"{folder}/{port}", "--username=postgres", "--auth=trust", "--no-sync")
            conf = folder / str(port) / "postgresql.conf"
            conf.write_text(f"{conf.read_text()}\nlisten_addresses = ''\nunix_socket_directories = '{folder}'\n{text}")
            as_postgres(
                "pg_ctl", "start", "--wait", "-D", f"{folder}/{port}", "-l", f"{folder}/{port}.log", "-o", f"-p {port}"
            )
        yield folder
    finally:
        for port in settings:
            as_postgres("pg_ctl", "stop", "-D", f"{folder}/{port}", "--mode=immediate", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def as_postgres(program: str, *words: str, check: bool = True) -> None:
    who = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    command = [*who, str(postgresql[-1].with_name(program)), *words]
    subprocess.run(command, check=check, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
