"""The demo's mail catcher takes every mail, shows it harmlessly, and refuses to run for real people."""

import http.client
import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from letterlock.config.databases import spell_address
from letterlock.domain.platforms.models import HostName
from letterlock.doors.commands.catching import pages
from letterlock.doors.commands.catching.keeping import Box
from letterlock.doors.commands.catching.serving import catching
from tests.cast import Platforms
from tests.patience import hang_seconds
from tests.ports import free_port


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def ports(box: Box) -> Iterator[tuple[int, int]]:
    smtp_port = free_port()
    with catching(box, smtp_port=smtp_port, web_port=0) as web_port:
        yield smtp_port, web_port


def a_mail(subject: str = "Secure message") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = '"Nora via Acme" <no-reply@acme.localhost>'
    mail["To"] = "bob@client.example"
    mail["Subject"] = subject
    mail.set_content("Read it: https://acme.localhost/messages/1/?a=1&b=2 <i>\n")
    mail.add_alternative(
        "<p>Read <a href='https://acme.localhost/'>it</a><script>alert(1)</script></p>", subtype="html"
    )
    return mail


def deliver(port: int, mail: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=hang_seconds) as server:
        server.send_message(mail)


def get(port: int, path: str, *, host: str = "127.0.0.1") -> tuple[int, http.client.HTTPMessage, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=hang_seconds)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    content = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, content


def test_a_mail_is_caught_and_shown(ports: tuple[int, int]) -> None:
    smtp_port, web_port = ports
    deliver(smtp_port, a_mail("Erste"))
    deliver(smtp_port, a_mail("Zweite <b>"))
    _status, _headers, listed = get(web_port, "/list/?open=2")
    assert listed.index("Zweite &lt;b&gt;") < listed.index("Erste")
    assert 'http-equiv="refresh"' in listed
    status, _headers, page = get(web_port, "/mails/2/")
    assert status == 200
    assert "Nora via Acme" in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert '<a href="https://acme.localhost/messages/1/?a=1&amp;b=2" target="_blank"' in page
    assert "&lt;i&gt;" in page


def test_the_html_of_a_mail_can_run_and_load_nothing(ports: tuple[int, int]) -> None:
    smtp_port, web_port = ports
    deliver(smtp_port, a_mail())
    _status, headers, content = get(web_port, "/mails/1/html/")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert "sandbox " in policy
    assert '<base target="_blank">' in content


@pytest.mark.parametrize("path", ["/", "/list/", "/mails/1/", "/style.css", "/mails/1/source/"])
def test_every_page_has_a_strict_policy_and_is_not_kept(ports: tuple[int, int], path: str) -> None:
    smtp_port, web_port = ports
    deliver(smtp_port, a_mail())
    status, headers, _content = get(web_port, path)
    assert status == 200
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/mails/9/", "/mails/9/html/", "/mails/9/source/", "/nowhere", "/mails/x/"])
def test_what_is_not_there_is_said_plainly(ports: tuple[int, int], path: str) -> None:
    status, _headers, page = get(ports[1], path)
    assert status == 404
    assert "Nothing here" in page


@pytest.mark.parametrize(("host", "status"), [("evil.example", 421), ("acme.localhost:8025", 200), ("[::1]:1", 200)])
def test_another_host_name_gets_nothing(box: Box, host: str, status: int) -> None:
    assert pages.answer("/", host=host, box=box).status == status


def test_mails_in_a_folder_outlive_a_restart(tmp_path: Path) -> None:
    (tmp_path / "somebody-elses.eml").write_text("x")
    with catching(Box(tmp_path), smtp_port=(port := free_port()), web_port=0):
        deliver(port, a_mail("Kept"))
    [kept] = Box(tmp_path).newest_first()
    assert (kept.number, kept.subject, kept.recipients) == (1, "Kept", ("bob@client.example",))
    with catching(again := Box(tmp_path), smtp_port=port, web_port=0):
        deliver(port, a_mail("Next"))
    assert [caught.number for caught in again.newest_first()] == [2, 1]


def test_it_refuses_where_a_platform_has_a_real_host(platforms: Platforms) -> None:
    HostName.objects.filter(platform=platforms.acme).update(name="secure.acme.example")
    with pytest.raises(CommandError, match=r"secure\.acme\.example is a real host name"):
        call_command("mailcatcher")


def test_a_port_in_use_is_said_in_one_sentence(stores: None, ports: tuple[int, int]) -> None:
    with pytest.raises(CommandError, match="Is it running already"):
        call_command("mailcatcher", smtp_port=ports[0], web_port=0)
    with pytest.raises(CommandError, match="Is it running already"):
        call_command("mailcatcher", smtp_port=free_port(), web_port=ports[1])


def test_it_ends_when_asked(stores: None, tmp_path: Path) -> None:
    address = spell_address(connections["default"].settings_dict)
    ports = ["--smtp-port", str(free_port()), "--web-port", str(free_port())]
    with subprocess.Popen(  # noqa: S603 -- our own program
        [sys.executable, "manage.py", "mailcatcher", "--skip-checks", *ports],
        env=os.environ | {"LETTERLOCK_VAR": str(tmp_path), "LETTERLOCK_DATABASE": address},
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("Mails are shown on http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=hang_seconds) == 0
