"""What `bin/demo` runs once packages and assets are there: stores, letters, processes, and a page of credentials.

Everything lies in `var/demo`. Only loopback is listened on, only names ending in `.localhost` are answered.
"""

import argparse
import hashlib
import os
import shutil
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from letterlock.config import serving

if TYPE_CHECKING:  # at run time Django must be set up first
    from letterlock.doors.commands.demo.shapes import Member

root = Path(__file__).resolve().parents[2]
package = root / "letterlock"
folder = root / "var/demo"
ready_stamp = folder / "ready"
start_seconds = 30.0


class Stop(Exception):  # noqa: N818 -- a sentence that says what to do, not an error
    """The demo cannot go on; the text says why and what to do."""


def main() -> int:
    """Prepare what is missing, start everything, stop everything on Ctrl-C."""
    options = _read_options()
    try:
        _refuse_busy_ports(options)
        _set_environment(options)
        _prepare(reset=options.reset)
        _refuse_real_hosts()
        return _serve(options)
    except Stop as stop:
        sys.stderr.write(f"\n{stop}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/demo", description="Letterlock on this machine, with two platforms.")
    parser.add_argument("--reset", action="store_true", help="start over: forget everything written so far")
    parser.add_argument("--reload", action="store_true", help="restart when a Python file changes (for bin/dev)")
    parser.add_argument("--port", type=int, default=8000, help="where the pages are (8000)")
    parser.add_argument("--mail-port", type=int, default=8025, help="where the caught mails are read (8025)")
    parser.add_argument("--smtp-port", type=int, default=2525, help="where the catcher takes mails (2525)")
    return parser.parse_args()


def _refuse_busy_ports(options: argparse.Namespace) -> None:
    for option in ("port", "mail_port", "smtp_port"):
        port = getattr(options, option)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                word = option.replace("_", "-")
                raise Stop(
                    f"Port {port} is in use by another program. Stop that one, or run: bin/demo --{word} {port + 1}"
                ) from None


def _set_environment(options: argparse.Namespace) -> None:
    for name in [name for name in os.environ if name.startswith("LETTERLOCK_")]:
        del os.environ[name]  # a real installation's stores and keys must not be met by accident
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "letterlock.config.settings.demo",
        "LETTERLOCK_VAR": str(folder),
        "LETTERLOCK_PUBLIC_PORT": str(options.port),
        "LETTERLOCK_DEMO_SMTP_PORT": str(options.smtp_port),
        "LETTERLOCK_DEMO_LOG_LEVEL": "WARNING",  # of this process; those it starts write into var/demo/logs
        "PYTHONPATH": str(root),
    }


# ── stores and letters ────────────────────────────────────────────────────────


def _prepare(*, reset: bool) -> None:
    print_ = _fingerprint()
    known = ready_stamp.read_text() if ready_stamp.exists() else ""
    if reset or not known:  # also after a first run that was interrupted
        shutil.rmtree(folder, ignore_errors=True)
    elif known == print_:
        return
    try:
        (folder / "logs").mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        raise Stop(f"The folder {folder} cannot be written to. Make it yours: sudo chown -R $(id -un) var") from None
    _fill()
    ready_stamp.write_text(print_)


def _fill() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from letterlock.config import preparing

    with _step("Making the database, the keystore, the root key"):
        _or_start_over(preparing.prepare)
    with _step("Collecting styles, scripts and fonts"):
        call_command("collectstatic", interactive=False, verbosity=0)
    if _holds_letters():  # after a new version of tables or assets: what was tried out here stays
        return
    with _step("Writing a month of letters on two platforms"):
        _or_start_over(lambda: call_command("seed_demo"))


def _holds_letters() -> bool:
    from letterlock.domain.platforms.models import Platform

    return Platform.objects.exists()


def _refuse_real_hosts() -> None:
    import django

    django.setup()
    from letterlock.config import examining

    if found := examining.real_hosts():
        raise Stop(
            f"{found[0]} is a real host name, and the demo's keys and mails are open to this whole machine. "
            "Use production settings for it; see docs/operators.md."
        )


def _or_start_over(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:
        said = folder / "logs/start.log"
        said.write_text("".join(traceback.format_exception(error)))
        raise Stop(
            f"The demo could not be filled; why is in {said.relative_to(root)}. Start over: bin/demo --reset"
        ) from error


def _fingerprint() -> str:
    """Changes when the tables, the letters or the assets do."""
    digest = hashlib.sha256()
    files = [*package.rglob("migrations/*.py"), *(package / "doors/commands/demo").rglob("*.py")]
    files += [file for file in (package / "doors/frame/static").rglob("*") if file.is_file()]
    for file in sorted(files):
        digest.update(f"{file.relative_to(root)}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


# ── processes ─────────────────────────────────────────────────────────────────


def _serve(options: argparse.Namespace) -> int:
    logs = folder / "logs"
    catcher = ("mailcatcher", "--smtp-port", str(options.smtp_port), "--web-port", str(options.mail_port))
    company = serving.Company(
        [
            serving.letterlock(*catcher, "--folder", str(folder / "mails"), log=logs / "mailcatcher.log"),
            serving.web(host="127.0.0.1", port=options.port, log=logs / "web.log"),
            serving.letterlock("worker", log=logs / "worker.log"),
        ],
        {"LETTERLOCK_DEMO_LOG_LEVEL": "INFO"},
    )
    try:
        with _step("Starting the pages, the worker, the mail catcher"):
            company.start()
            _wait_for_answer(company, options)
        if not company.is_stopping:
            _tell(options)
        ended = company.wait(meanwhile=_reloading(company) if options.reload else _nothing)
    finally:
        company.stop()
    if ended:
        raise Stop(f"The {ended} stopped by itself. What it said is in {(logs / ended).relative_to(root)}.log.")
    sys.stdout.write("\nEverything is stopped. Your letters are kept: run bin/demo again, or bin/demo --reset.\n")
    return 0


def _nothing() -> None:
    """Between two looks at the processes there is nothing to do."""


def _reloading(company: serving.Company) -> Callable[[], None]:
    """Restarts pages and worker when a file of the package is newer than before."""
    known = _newest_change()

    def look() -> None:
        nonlocal known
        if (newest := _newest_change()) > known:
            known = newest
            company.restart("web", "worker")

    return look


def _newest_change() -> float:
    return max(file.stat().st_mtime for file in package.rglob("*.py"))


def _wait_for_answer(company: serving.Company, options: argparse.Namespace) -> None:
    deadline = time.monotonic() + start_seconds
    waiting = [f"http://127.0.0.1:{options.port}/", f"http://127.0.0.1:{options.mail_port}/"]
    while waiting and not company.is_stopping:
        if ended := company.ended():
            raise Stop(f"The {ended} did not start. What it said is in var/demo/logs/{ended}.log.")
        if time.monotonic() > deadline:
            raise Stop(f"The pages did not answer within {start_seconds:.0f} s. See var/demo/logs.")
        waiting = [address for address in waiting if not _answers(address)]
        time.sleep(0.05)


def _answers(address: str) -> bool:
    """Any answer will do: to 127.0.0.1 the pages say 404 or 400, since no platform has that name."""
    try:
        with urlopen(address, timeout=2):  # noqa: S310 -- an address of our own, on loopback
            return True
    except URLError as error:
        return hasattr(error, "code")
    except OSError:
        return False


# ── words ─────────────────────────────────────────────────────────────────────


def _tell(options: argparse.Namespace) -> None:
    from letterlock.doors.commands.demo import cast

    lines = ["", f"Letterlock is running. The password of everybody is: {cast.password}"]
    for platform in cast.platforms:
        lines += ["", f"  {platform.name:<34} http://{platform.host}:{options.port}/"]
        lines += [_introduce(member) for member in platform.members]
    lines += ["", f"  Every mail that was sent           http://127.0.0.1:{options.mail_port}/"]
    lines += ["", "Ctrl-C stops everything.", ""]
    sys.stdout.write("\n".join(lines))
    sys.stdout.flush()


def _introduce(member: "Member") -> str:
    # Sam was invited by the story and has not registered: the invitation waits in the mail catcher.
    aside = f" (password: {member.password})" if member.password else ""
    aside = " (invited; the link is in their mail)" if member.key == "sam" else aside
    return f"    {member.address:<32} {member.name}, {member.status.label}{aside}"


@contextmanager
def _step(words: str) -> Iterator[None]:
    started = time.monotonic()
    sys.stdout.write(f"  {words:<50}")
    sys.stdout.flush()
    yield
    sys.stdout.write(f" {time.monotonic() - started:3.0f} s\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
