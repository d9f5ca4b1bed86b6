"""The form of our mails, which cannot be repaired once they were sent."""

import re
from email.utils import parseaddr

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_django import Settings

from letterlock.domain.accounts.models import Account
from letterlock.domain.mailbox.models import Message
from letterlock.domain.notices import heading, signing, telling, writing
from letterlock.domain.notices import settings as notices_settings
from letterlock.domain.notices.models import MailKind
from letterlock.domain.notices.writing import Written
from letterlock.domain.platforms.models import HostName
from letterlock.foundation.kernel.identifiers import spell_message_code
from tests.cast import People, register
from tests.domain.mailbox.letters import later, place
from tests.domain.notices.conftest import Relay, Taken, work
from tests.domain.notices.headers import found
from tests.domain.notices.posting_letters import mail_of, pending, recall, retrieve, send


def notice_to(account: Account, message: Message) -> Taken:
    telling.tell_recipients(message, at=later(0))
    return as_taken(writing.write(mail_of(account)))


def as_taken(written: Written) -> Taken:
    return Taken(written.sender, [written.recipient], written.content)


def test_the_headers_of_a_notice(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    mail = notice_to(people.bob, message).mail
    place_id = place(message, people.bob).id.hex
    tag = re.fullmatch(rf"<ll1\.{message.code}\.message\.1\.([a-z2-7]{{16}})@acme\.localhost>", mail["Message-ID"])
    assert tag
    assert mail["X-Letterlock-Notice"] == (
        f"v=1; k=message; p=acme.localhost; c={message.code}; r={place_id}; g=1; t={tag[1]}"
    )
    assert mail["X-Letterlock-Message"] == message.code
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["From"] == "Alice Ashdown via Acme Legal <no-reply@acme.localhost>"
    assert mail["To"] == "bob@client.example"
    assert mail["Subject"] == "Secure message from Alice Ashdown (Acme Legal)"
    assert mail["Date"].datetime == later(0)
    assert mail.get_content_type() == "multipart/alternative"
    assert {"Reply-To", "Cc", "Bcc", "In-Reply-To"}.isdisjoint(mail.keys())


def test_each_part_of_an_id_changes_it(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol])
    one = heading.Naming(kind=MailKind.MESSAGE, about_id=message.id, generation=1, code=message.code)
    ids = {
        heading.message_id_of(naming, platform=platform, host="h.localhost")
        for platform in (people.alice.platform, people.mallory.platform)
        for naming in (one, *other_namings(one, people))
    }
    tags = {found(r"\.([a-z2-7]{16})@", each) for each in ids}
    assert len(tags) == 8


def other_namings(one: heading.Naming, people: People) -> list[heading.Naming]:
    from dataclasses import replace

    return [replace(one, generation=2), replace(one, kind=MailKind.RECALL), replace(one, about_id=people.bob.id)]


def test_a_long_host_name_spoils_no_header(people: People) -> None:
    host = ".".join(["a" * 60, "b" * 60, "c" * 60, "localhost"])
    HostName.objects.filter(platform=people.alice.platform).update(name=host)
    message = send(people.alice, to=[people.bob])
    raw = notice_to(people.bob, message).content.decode()
    for name in ("Message-ID", "X-Letterlock-Notice", "X-Letterlock-Message"):
        line = re.search(rf"^{name}: (.*)\r\n(?! )", raw, re.MULTILINE)
        assert line
        assert "=?" not in line[1]
    assert len(found(r"^X-Letterlock-Notice: (.*)\r$", raw)) <= 200


def test_no_mail_says_anything_of_the_message(people: People, relay: Relay) -> None:
    secret = "TOPSECRET"
    newcomer = pending("new@elsewhere.example", by=people.alice)
    message = send(people.alice, to=[people.bob, newcomer], html=f"<p>{secret}</p>", subject=f"{secret} subject")
    work()
    retrieve(message, by=people.bob)
    work(minutes=3)
    recall(message, by=people.alice, minutes=4, reason=f"{secret} reason")
    work(minutes=5)
    kinds = {found(r"k=(\w+)", mail.mail["X-Letterlock-Notice"]) for mail in relay.taken}
    assert kinds == {"message", "invitation", "access", "recall"}
    for mail in relay.taken:
        everything = str(mail.mail) + mail.text + mail.html
        assert secret not in everything
        assert secret.encode() not in mail.content


def test_both_parts_show_the_code_the_button_the_support_and_that_answers_reach_nobody(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    mail = notice_to(people.bob, message)
    shown = f"LL-{message.code[:4]}-{message.code[4:]}"
    link = f"https://acme.localhost/messages/{message.id}/"
    for part in (mail.text, mail.html):
        for words in (
            shown,
            link,
            people.alice.platform.support_address,
            "Answers to this mail reach nobody",
            "alice@acme.example",
        ):
            assert words in part


def test_the_html_has_one_button_and_nothing_remote(people: People) -> None:
    mail = notice_to(people.bob, send(people.alice, to=[people.bob]))
    assert mail.html.count("<a ") == 1
    assert mail.html.count("http") == 1
    for forbidden in ("<img", "<link", "<script", "<style", "<table", "url(", "src="):
        assert forbidden not in mail.html
    assert people.alice.platform.accent in mail.html


def test_an_invitation_says_who_and_until_when_and_leads_to_registering(people: People) -> None:
    newcomer = pending("new@elsewhere.example", by=people.alice)
    message = send(people.alice, to=[newcomer])
    mail = notice_to(newcomer, message)
    assert "Alice Ashdown" in mail.text
    assert "21 Dec 2026, 3:02 pm UTC" in mail.text
    assert re.search(r"https://acme\.localhost/invitations/[0-9a-f-]{36}/[\w-]{43}/", mail.text)
    assert f"/?message={spell_message_code(message.code)}" in mail.text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Łukasz Çelik, Jr", "Łukasz Çelik, Jr"),
        ("bank.example", "alice@acme.example"),
        ("", "alice@acme.example"),
        ('Al"ice <x>', 'Al"ice <x>'),
    ],
)
def test_a_display_name_is_never_taken_for_an_address(people: People, name: str, shown: str) -> None:
    people.alice.name = name
    people.alice.save()
    mail = notice_to(people.bob, send(people.alice, to=[people.bob])).mail
    [sender] = mail["From"].addresses
    assert sender.display_name == f"{shown} via Acme Legal"
    assert sender.addr_spec == "no-reply@acme.localhost"
    assert mail["Subject"] == f"Secure message from {shown} (Acme Legal)"


forgeries = [
    "=?utf-8?q?ceo=0D=0ABcc=3A_v=40evil.test?=",
    "=?utf-8?q?=0A=0A<h1>Pay_here?=",
    "=?utf-8?q?ceo=40acme.test?= x",
    "x =?utf-8?q?=2C_ceo=40acme.test=2C?=",
    "=?utf-8?b?YQ0KQmNjOiBhQGIuYw==?=",
]


@pytest.mark.parametrize("name", forgeries)
def test_no_name_writes_a_header(people: People, name: str) -> None:
    # As if it had come to be before names were read so strictly.
    Account.objects.filter(id=people.alice.id).update(name=name, mail_address=f'"{name}"@acme.example')
    mail = notice_to(people.bob, send(people.alice, to=[people.bob])).mail
    [sender] = mail["From"].addresses
    assert sender.addr_spec == "no-reply@acme.localhost"
    assert {"Bcc", "X-Evil"}.isdisjoint(mail.keys())
    assert mail["Subject"].startswith("Secure message from ")
    assert mail.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(
    "written",
    [b"From: a\r\nBcc: b\r\nTo: c\r\n\r\n", b"From: a\nBcc: b\r\nTo: c\r\n\r\n", b"From: a\r\n\r\nTo: c\r\n\r\n"],
)
def test_a_mail_with_headers_nobody_set_does_not_leave(written: bytes) -> None:
    with pytest.raises(heading.ForgedHeaderError):
        heading.demand_own_headers(written, names=["From", "To"])


def test_an_old_address_that_hides_a_header_gets_no_mail(people: People) -> None:
    Account.objects.filter(id=people.bob.id).update(mail_address='"=?utf-8?q?a=0D=0ABcc=3A_b?="@client.example')
    people.bob.refresh_from_db()
    with pytest.raises(heading.ForgedHeaderError):
        notice_to(people.bob, send(people.alice, to=[people.bob]))


def test_markup_in_a_name_is_text(people: People) -> None:
    people.alice.name = "Tom & <b>Jerry<|b>"
    people.alice.save()
    mail = notice_to(people.bob, send(people.alice, to=[people.bob]))
    assert "Tom &amp; &lt;b&gt;Jerry" in mail.html
    assert "<b>Jerry" not in mail.html
    assert "Tom & <b>Jerry" in mail.text


def test_times_are_in_the_zone_of_who_reads_them(people: People) -> None:
    seattle = register(people.alice.platform, "sea@crowd.example", name="Sea")
    seattle.time_zone = "America/Los_Angeles"
    seattle.save()
    assert "21 Nov 2026, 7:02 am PST" in notice_to(seattle, send(people.alice, to=[seattle])).text


def test_lines_of_a_mail_are_short_enough(people: People) -> None:
    mail = notice_to(people.bob, send(people.alice, to=[people.bob]))
    assert max(len(line) for line in mail.content.split(b"\r\n")) <= 998
    # A bare line ending could be taken for the end of this mail, and the rest for another one.
    assert not set(mail.content.replace(b"\r\n", b"")) & set(b"\r\n")
    assert parseaddr(mail.mail["To"])[1] == "bob@client.example"


def test_a_configured_key_signs_the_headers(
    people: People, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    settings.LETTERLOCK_DKIM_KEY = str(path)
    notices_settings.read.cache_clear()
    try:
        mail = notice_to(people.bob, send(people.alice, to=[people.bob]))
    finally:
        settings.LETTERLOCK_DKIM_KEY = ""
        notices_settings.read.cache_clear()
    assert dkim.verify(mail.content, dnsfunc=lambda *_a, **_k: _record(key.public_key()))
    signature = mail.mail["DKIM-Signature"]
    assert "d=acme.localhost" in signature
    assert "x-letterlock-notice" in signature.replace(" ", "").lower()
    forged = mail.content.replace(b"Secure message from Alice", b"Secure message from Malice")
    assert not dkim.verify(forged, dnsfunc=lambda *_a, **_k: _record(key.public_key()))


def _record(public: rsa.RSAPublicKey) -> bytes:
    import base64

    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)


def test_without_a_key_a_mail_leaves_as_it_is() -> None:
    assert signing.sign(b"From: x\r\n\r\n", domain="acme.localhost") == b"From: x\r\n\r\n"
