"""The `letterlock` command: a few words of its own, and every command of `doors.commands`."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path

production = "letterlock.config.settings.production"
#: What asks no store and no key is for anybody, on a machine where nothing is set up as well.
offline = {"slip": "letterlock.config.settings.base"}
usage = """\
letterlock check                 say everything that is wrong with this installation, at once
letterlock prepare               make or bring up to date both stores, the root key and the static files
letterlock serve                 run the pages and the worker together
letterlock worker                run a worker alone
letterlock backup FOLDER         copy both stores while the service goes on; never the root key
letterlock restore FOLDER        put the newest copies back; what was destroyed or recalled stays so
letterlock sweep HOST            destroy keys that belong to no message, once somebody has looked
letterlock ledger verify [HOST]  recompute the ledgers from nothing and name the first wrong entry
letterlock ledger key HOST       print the key that a platform's slips are signed with
letterlock slip verify FILE      check an exported Delivery Slip, offline
letterlock platforms create …    found a platform and print its administrator's one-time link
letterlock people add …          add a person and print their one-time link
letterlock mailcatcher …         keep mails and show them in a browser (for the demo)

Each explains itself with --help. Settings are environment variables; see docs/operators.md."""


def main() -> int:
    """Run what the words say; the exit status."""
    words = sys.argv[1:]
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that lacks a letter of somebody's name shows a question mark; a finding is not lost for it.
        sys.stdout.reconfigure(errors="replace")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", offline.get(words[0], production) if words else production)
    own = {"check": _check, "prepare": _prepare, "serve": _serve}
    if not words or words[0] in {"help", "--help", "-h"}:
        sys.stdout.write(f"{usage}\n")
        return 0
    if words[0] in own and len(words) == 1:
        return own[words[0]]()
    return _command(words)


def _check() -> int:
    """The setup first, since with a wrong one nothing else can be looked at."""
    sentences = _setup_problems()
    if not sentences:
        import django

        django.setup()
        from django.utils import timezone

        from letterlock.config import examining

        sentences = examining.problems(at=timezone.now())  # noqa: TID251 -- the command line is a door
    for sentence in sentences:
        sys.stdout.write(f"✗ {sentence}\n")
    sys.stdout.write(f"{len(sentences)} to put right.\n" if sentences else "✓ Everything is in order.\n")
    return 1 if sentences else 0


def _setup_problems() -> list[str]:
    from letterlock.config import inspecting
    from letterlock.config.settings.base import var

    if os.environ["DJANGO_SETTINGS_MODULE"] != production:
        return []
    return [problem.sentence for problem in inspecting.problems_of(inspecting.survey(os.environ, var=var))]


def _prepare() -> int:
    os.environ["LETTERLOCK_PREPARING"] = "1"
    import django

    django.setup()
    from django.core.management import call_command

    from letterlock.config import preparing

    try:
        preparing.prepare()
    except preparing.RootKeyLost as lost:
        sys.stderr.write(f"{lost}\n")
        return 1
    call_command("collectstatic", interactive=False, verbosity=0)
    sys.stdout.write("Both stores, the root key and the static files are ready. Keep the root key's backup apart.\n")
    return 0


def _serve() -> int:
    import django

    django.setup()
    from letterlock.config import serving

    environ = os.environ
    certificate, key = environ.get("LETTERLOCK_TLS_CERTIFICATE"), environ.get("LETTERLOCK_TLS_KEY", "")
    tls = {"--ssl-certificate": certificate, "--ssl-keyfile": key} if certificate else {}
    web = serving.web(
        host=environ.get("LETTERLOCK_LISTEN", "127.0.0.1"), port=int(environ.get("LETTERLOCK_PORT", "8000")), tls=tls
    )
    company = serving.Company([web, serving.letterlock("worker")], {"PYTHONPATH": str(Path(__file__).parents[2])})
    company.start()
    ended = company.wait()
    company.stop()
    return 1 if ended else 0


def _command(words: list[str]) -> int:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import ManagementUtility

    if words[0] == "restore":
        os.environ["LETTERLOCK_PREPARING"] = "1"  # a store that is to be restored may be missing
    try:
        ManagementUtility(["letterlock", *words]).execute()
    except ImproperlyConfigured as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
