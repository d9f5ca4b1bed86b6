"""What is an address, and which two are the same."""

import unicodedata
from email.headerregistry import Address as HeaderAddress
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letterlock.domain.policies import addresses, limits
from letterlock.domain.policies.addresses import InvalidAddress

text = st.text(alphabet=st.characters(codec="utf-8"), max_size=80)
local_parts = st.one_of(
    st.from_regex(r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,10}(\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,10}){0,3}", fullmatch=True),
    st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=12),
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20).map(
        lambda content: '"' + content.replace("\\", "\\\\").replace('"', '\\"') + '"'
    ),
)
invisible = "there is an invisible character in it"
domains = st.sampled_from(["acme.example", "Bücher.example", "xn--bcher-kva.example", "例子.example", "a-b.co.uk"])
mailboxes = st.builds(lambda local, domain: f"{local}@{domain}", local_parts, domains)


@pytest.mark.parametrize(
    ("typed", "normal", "shown"),
    [
        ("alice@acme.example", "alice@acme.example", "alice@acme.example"),
        ("  Alice@ACME.Example ", "alice@acme.example", "Alice@acme.example"),
        ("o'brien+tag@acme.example", "o'brien+tag@acme.example", "o'brien+tag@acme.example"),
        ("a.l.i.c.e@acme.example", "a.l.i.c.e@acme.example", "a.l.i.c.e@acme.example"),
        ('"alice"@acme.example', "alice@acme.example", "alice@acme.example"),
        ('"alice ashdown"@acme.example', '"alice ashdown"@acme.example', '"alice ashdown"@acme.example'),
        (r'"a\"b\\c"@acme.example', r'"a\"b\\c"@acme.example', r'"a\"b\\c"@acme.example'),
        ('"a@b"@acme.example', '"a@b"@acme.example', '"a@b"@acme.example'),
        (r'"\a\l"@acme.example', "al@acme.example", "al@acme.example"),
        ("x@Bücher.example", "x@xn--bcher-kva.example", "x@bücher.example"),
        ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example", "x@bücher.example"),
        ("x@bu\u0308cher.example", "x@xn--bcher-kva.example", "x@bücher.example"),
        ("x@faß.example", "x@xn--fa-hia.example", "x@faß.example"),
        ("Straße@acme.example", "straße@acme.example", "Straße@acme.example"),
        ("ſam@acme.example", "ſam@acme.example", "ſam@acme.example"),
        ("用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v", "用户@例子.广告"),
        ("ΟΔΟΣ@acme.example", "οδος@acme.example", "ΟΔΟΣ@acme.example"),
        ("jose\u0301@acme.example", "jos\u00e9@acme.example", "jos\u00e9@acme.example"),
        ("x@acme。example", "x@acme.example", "x@acme.example"),
    ],
)
def test_an_address_has_a_normal_form_and_one_to_show(typed: str, normal: str, shown: str) -> None:
    address = addresses.read_address(typed)

    assert (address.normal, address.shown) == (normal, shown)


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("", "the @ is missing"),
        ("alice", "the @ is missing"),
        ("@acme.example", "nothing before the @"),
        ("alice@", "nothing after the @"),
        ("alice@@acme.example", "more than one @"),
        ("alice@bob@acme.example", "more than one @"),
        ("alice smith@acme.example", "a space in it"),
        (".alice@acme.example", "a dot stands where none may be"),
        ("alice.@acme.example", "a dot stands where none may be"),
        ("al..ice@acme.example", "a dot stands where none may be"),
        ("alice(home)@acme.example", "a character before the @ that may not be there"),
        ("ali\u200bce@acme.example", "an invisible character in it"),
        ("ali\u202ece@acme.example", "an invisible character in it"),
        ("ali\u00a0ce@acme.example", "an invisible character in it"),
        ("ali\u0085ce@acme.example", "an invisible character in it"),
        ('"ali\tce"@acme.example', "a space in it"),
        ('""@acme.example', "a character before the @ that may not be there"),
        ("alice@localhost", "is incomplete"),
        ("alice@acme.example.", "is incomplete"),
        ("alice@acme..example", "no domain name"),
        ("alice@-acme.example", "no domain name"),
        ("alice@ac_me.example", "no domain name"),
        ("alice@acme example", "no domain name"),
        ("alice@xn--zzzzzz.example", "no domain name"),
        ("alice@192.0.2.1", "a name, not a number"),
        ("alice@[192.0.2.1]", "a name, not a number"),
        ("x" * 65 + "@acme.example", "the part before the @ is too long"),
        ("ü" * 33 + "@acme.example", "the part before the @ is too long"),
        ("x" * 60 + "@" + "acme." * 40 + "example", "it is too long"),
        ("x" * 5000 + "@acme.example", "it is too long"),
        ("alice@acme.example\r\nBcc: eve@evil.example", "more than one @"),
        ("alice\r\nBcc:eve@evil.example", "a space in it"),
        ("alice@evil.example\nX: y", "no domain name"),
        ("=?utf-8?q?a=0D=0ABcc=3A?=@evil.example", "mail programs read as something else"),
        ('"x =?utf-8?q?=0D=0ABcc=3A?="@evil.example', "mail programs read as something else"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(typed: str, because: str) -> None:
    with pytest.raises(InvalidAddress) as refusal:
        addresses.read_address(typed)

    assert because in refusal.value.explain()
    assert all(
        unicodedata.category(character)[0] not in "CZ" or character == " " for character in refusal.value.explain()
    )


@given(mailboxes)
def test_a_well_formed_mailbox_is_read(typed: str) -> None:
    # A mailbox of this shape is refused for its length, for what cannot be seen or is packed, and for nothing else.
    whys = {None, "it is too long", "the part before the @ is too long", invisible, str(addresses.packed)}
    assert _reason_against(typed) in whys


@given(st.one_of(mailboxes, text, st.builds("{}@{}".format, text, domains)))
def test_the_normal_form_is_stable_and_the_shown_one_leads_back_to_it(typed: str) -> None:
    try:
        address = addresses.read_address(typed)
    except InvalidAddress:
        return
    assert addresses.read_address(address.normal).normal == address.normal
    assert addresses.read_address(address.shown).normal == address.normal
    assert addresses.read_address(address.shown).shown == address.shown


@given(st.one_of(text, mailboxes))
def test_case_never_makes_two_accounts(typed: str) -> None:
    try:
        address = addresses.read_address(typed)
        shouted = addresses.read_address(typed.swapcase())
    except InvalidAddress:
        return
    if typed.isascii():
        assert shouted.normal == address.normal


@given(st.one_of(mailboxes, text, st.builds("{}\r\n{}@{}".format, text, text, domains)))
def test_no_address_can_carry_a_header(typed: str) -> None:
    try:
        address = addresses.read_address(typed)
    except InvalidAddress:
        return
    for form in (address.normal, address.shown):
        assert not any(unicodedata.category(character)[0] == "C" for character in form)
        assert len(form.splitlines()) == 1
    assert len(address.normal.encode()) <= limits.address_octets
    if address.normal.isascii():
        header = SMTP.header_factory("To", HeaderAddress(addr_spec=address.normal))
        assert len(header.addresses) == 1
        assert header.addresses[0].domain == address.normal.rpartition("@")[2]


def _reason_against(typed: str) -> str | None:
    try:
        addresses.read_address(typed)
    except InvalidAddress as refusal:
        return str(refusal.details["because"])
    return None
