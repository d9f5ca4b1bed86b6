"""What people and programs write in words: addresses, names, HTML, codes, headers."""

import json
from email import message_from_bytes, policy
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from uuid import UUID

from django.http import HttpRequest
from hypothesis import strategies as st

from letterlock.domain.mailbox import cleaning, subjects, tidying
from letterlock.domain.notices import heading
from letterlock.domain.platforms import naming, queries
from letterlock.domain.policies import addresses, limits, names, pasting, zones
from letterlock.domain.policies.addresses import InvalidAddress
from letterlock.domain.policies.names import InvalidName
from letterlock.domain.policies.zones import InvalidTimeZone
from letterlock.doors.frame import clients, networks
from letterlock.foundation.kernel import identifiers, pages
from letterlock.foundation.kernel.refusals import Refusal
from tests.domain.mailbox.test_cleaning import nasty, walls_hold
from tests.fuzz.fuzzing import Target
from tests.journeys.hostile.corpora import strings, vectors

odd = st.sampled_from(strings())
words = st.text(max_size=200) | odd | st.lists(odd | st.text(max_size=8), max_size=6).map("".join)
header = words.map(lambda text: text.encode(errors="replace").decode("latin-1"))
at_signs = st.tuples(words, st.sampled_from(["@", "@@", "＠", ""]), words, st.sampled_from(["", ".de", ".例え", "."]))
typed_address = words | at_signs.map("".join)
pieces = st.sampled_from(
    [*nasty, *(one.html for one in vectors()), "<", ">", "&", "\x00", "<!--", "]]>", "</", "'", '"']
)
cut_pieces = st.tuples(pieces, st.integers(0, 60), st.integers(1, 80)).map(lambda cut: cut[0][cut[1] :][: cut[2]])
markup = st.lists(cut_pieces | pieces | st.text(max_size=12), max_size=8).map("".join)
marks = ['"', "<", ">", ",", ";", "\n", "\\", " ", "@", "(", ":"]
typed_list = st.lists(st.sampled_from(marks) | typed_address, max_size=30).map("".join)


def _address(typed: str) -> None:
    read = addresses.read_address(typed)
    # What is shown leads to the same account, and what finds the account is stable.
    assert addresses.read_address(read.shown).normal == read.normal
    assert addresses.read_address(read.normal).normal == read.normal
    assert len(read.normal.encode()) <= limits.address_octets


def _list(typed: str) -> None:
    for one in pasting.split_typed(typed):
        assert one.address == one.address.strip()


def _name(typed: str) -> None:
    name = names.read_name(typed)
    assert names.read_name(name) == name
    mail = names.mail_name(name, address="a@b.example")
    assert not set("\r\n") & set(mail)


def _html(typed: str) -> None:
    walls_hold(tidying.clean_text(typed))
    cleaning.text_of(cleaning.clean(typed))


def _subject(typed: str) -> None:
    tidied = subjects.tidy(typed)
    assert subjects.tidy(tidied) == tidied
    assert len(subjects.answer_to(tidied[:255])) <= limits.subject_characters


def _forwarded(typed: tuple[str, str]) -> None:
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": typed[0], "HTTP_X_FORWARDED_FOR": typed[1]}
    assert len(networks.network_of(request)) < 64


def _mail_header(typed: str) -> None:
    """A name that was taken stands in a mail as it is, in a header of its own and in no other."""
    name = names.mail_name(names.read_name(typed), address="a@b.example")
    mail = EmailMessage(policy=heading.policy_for(Mailbox(username="bob", domain="client.example")))
    mail["Subject"] = heading.literal(name)
    mail["X-Letterlock-Notice"] = "v=1"
    mail.set_content("x")
    content = mail.as_bytes()
    heading.demand_own_headers(content, names=list(mail.keys()))
    assert message_from_bytes(content, policy=policy.default)["Subject"] == heading.literal(name)


def _marker(typed: str) -> None:
    read = pages._read(typed)
    assert read is None or isinstance(read[1], UUID)


targets = [
    Target(name="address", inputs=typed_address, read=_address, refuses=(InvalidAddress,)),
    Target(name="typed list", inputs=typed_list, read=_list),
    Target(name="name", inputs=words, read=_name, refuses=(InvalidName,)),
    Target(name="name in a mail", inputs=words, read=_mail_header, refuses=(InvalidName,)),
    Target(name="html", inputs=markup, read=_html, refuses=(Refusal,), findings=("a&#13;b",)),
    Target(name="subject", inputs=words, read=_subject),
    Target(name="message code", inputs=words, read=identifiers.read_message_code),
    Target(name="time zone", inputs=words, read=zones.read_zone, refuses=(InvalidTimeZone,)),
    Target(name="host header", inputs=header, read=queries.name_in),
    Target(name="host name", inputs=typed_address, read=naming.read_host, refuses=(naming.InvalidHost,)),
    Target(name="user agent", inputs=header, read=clients.label_of),
    Target(name="forwarded for", inputs=st.tuples(header, header), read=_forwarded),
    Target(name="page marker", inputs=words | words.map(lambda text: json.dumps([text, text])), read=_marker),
]
