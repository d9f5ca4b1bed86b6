"""Who gets which mail."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letterlock.domain.accounts import inviting, preferring, proving, resetting, signing_in
from letterlock.domain.accounts.events import AccountEvent
from letterlock.domain.accounts.models import Account, Challenge, ChallengePurpose, Invitation, State
from letterlock.domain.mailbox.models import Message, Participation, Role
from letterlock.domain.notices import telling, writing
from letterlock.domain.notices.models import Mail, MailKind, PageNotice
from letterlock.domain.platforms.models import Platform
from letterlock.foundation.kernel import transactions
from letterlock.foundation.outbox import posting
from letterlock.foundation.vault import deriving
from tests.cast import People, password, register
from tests.domain.mailbox.letters import client, fresh, later, place
from tests.domain.notices.conftest import Relay, work
from tests.domain.notices.posting_letters import pending, recall, retrieve, send


def kinds_to(account: Account) -> list[str]:
    return list(Mail.objects.filter(account=account).order_by("created_at", "id").values_list("kind", flat=True))


def test_telling_twice_owes_one_mail(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    telling.tell_recipients(message, at=later(1))
    telling.tell_recipients(message, at=later(2))
    assert kinds_to(people.bob) == [MailKind.MESSAGE]


def test_the_sender_is_told_nothing_of_the_sending(people: People, relay: Relay) -> None:
    send(people.alice, to=[people.bob])
    work()
    assert kinds_to(people.alice) == []


def test_a_recall_is_told_to_those_who_had_been_told_of_the_message(people: People, relay: Relay) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.carol], expires_at=later(60))
    telling.tell_recipients(message, at=later(0))
    Mail.objects.filter(account=people.carol).update(state="not delivered")
    work()
    recall(message, by=people.alice, reason="Wrong TOPSECRET figures")
    work(minutes=4)
    assert kinds_to(people.bob) == [MailKind.MESSAGE, MailKind.RECALL]
    assert kinds_to(people.carol) == [MailKind.MESSAGE]
    notice, told = relay.mails_to(people.bob.address)
    assert told.mail["In-Reply-To"] == told.mail["References"] == notice.mail["Message-ID"]
    assert "TOPSECRET" not in told.text + told.html
    assert "Can be read until" in notice.text
    assert "Can be read until" not in told.text + told.html


def test_who_never_registered_is_led_to_the_notice_by_the_invitation(people: People, relay: Relay) -> None:
    newcomer = pending("new@elsewhere.example", by=people.alice)
    message = send(people.alice, to=[newcomer])
    work()
    recall(message, by=people.alice)
    work(minutes=4)
    _invitation, told = relay.mails_to("new@elsewhere.example")
    invitation = inviting.invitation_of(newcomer)
    assert invitation
    assert inviting.link_of(invitation) in told.text


@pytest.mark.parametrize("tell", [telling.tell_recipients, telling.tell_of_recall])
def test_telling_takes_as_many_queries_for_ten_people_as_for_two(
    people: People, relay: Relay, tell: Callable[..., None]
) -> None:
    crowd = [register(people.alice.platform, f"p{n}@client.example", name=f"Person {n}") for n in range(10)]
    counts = []
    for some in (crowd[:2], crowd):
        message = send(people.alice, to=some)
        if tell is telling.tell_of_recall:
            work()
            recall(message, by=people.alice)
            message = fresh(message)
        with CaptureQueriesContext(connection) as seen:
            tell(message, at=later(5))
        counts.append(len(seen))
    assert counts[1] <= counts[0]


def test_a_recall_is_told_once(people: People, relay: Relay) -> None:
    message = send(people.alice, to=[people.bob])
    work()
    recall(message, by=people.alice)
    work(minutes=4)
    telling.tell_of_recall(message, at=later(5))
    work(minutes=6)
    assert kinds_to(people.bob) == [MailKind.MESSAGE, MailKind.RECALL]


def test_the_sender_is_told_of_the_first_access_by_mail(people: People, relay: Relay) -> None:
    message = send(people.alice, to=[people.bob])
    work()
    retrieve(message, by=people.bob)
    work(minutes=3)
    retrieve(message, by=people.bob, minutes=5)
    work(minutes=6)
    assert kinds_to(people.alice) == [MailKind.FIRST_ACCESS]
    mail = relay.mails_to(people.alice.address)[0]
    assert mail.mail["Subject"] == "Bob Brennan retrieved your secure message (Acme Legal)"
    assert "21 Nov 2026, 3:04 pm UTC" in mail.text


@pytest.mark.parametrize(
    ("wants", "tracking", "kinds"), [(False, True, []), (True, False, []), (True, True, ["access"])]
)
def test_the_mail_about_an_access_is_a_preference_and_needs_tracking(
    people: People, relay: Relay, wants: bool, tracking: bool, kinds: list[str]
) -> None:
    people.alice.wants_first_access_mail = wants
    people.alice.save()
    message = send(people.alice, to=[people.bob], tracking=tracking)
    work()
    retrieve(message, by=people.bob)
    work(minutes=3)
    assert kinds_to(people.alice) == kinds
    assert PageNotice.objects.filter(account=people.alice).exists() == tracking


def test_above_twenty_recipients_the_sender_gets_one_digest_an_hour(people: People, relay: Relay) -> None:
    crowd = [
        register(people.alice.platform, f"p{number}@crowd.example", name=f"Person {number}") for number in range(21)
    ]
    message = send(people.alice, to=crowd)
    work()
    for reader in crowd[:12]:
        retrieve(message, by=reader)
    work(minutes=3)
    assert relay.mails_to(people.alice.address) == []
    work(minutes=60)
    [digest] = relay.mails_to(people.alice.address)
    assert "Person 0\n" in digest.text
    assert "and 2 more" in digest.text
    retrieve(message, by=crowd[20], minutes=61)
    work(minutes=62)
    work(minutes=120)
    assert len(relay.mails_to(people.alice.address)) == 2
    assert "Person 20" in relay.mails_to(people.alice.address)[1].text


def test_a_code_is_mailed_to_the_address_it_proves(people: People, relay: Relay) -> None:
    challenge = ask_for_code(people.bob, platform=people.bob.platform)
    work()
    [mail] = relay.mails_to(people.bob.address)
    assert mail.mail["Subject"] == "Your code for Acme Legal"
    digits = deriving.derive_code(
        "code: reset", platform_id=challenge.platform_id, row_id=challenge.id, generation=challenge.generation
    )
    assert digits in mail.text.replace(" ", "")
    assert digits in mail.html.replace(" ", "")
    assert "good for 10 minutes" in mail.text
    assert "X-Letterlock-Message" not in mail.mail


def test_the_owner_is_mailed_when_a_password_was_changed(people: People, relay: Relay) -> None:
    session = signing_in.sign_in(
        platform=people.bob.platform, address=people.bob.address, password=password, browser=None, network="",
        client=client, at=later(0),
    ).session  # fmt: skip
    preferring.change_password(session, old=password, new="a goose walks over granite", at=later(1))
    work(2)
    [mail] = relay.mails_to(people.bob.address)
    assert mail.mail["Subject"] == "Your password for Acme Legal was changed"
    for part in (mail.text, mail.html):
        assert "was changed on 21 Nov 2026, 3:03 pm UTC." in part
        assert "https://acme.localhost/password/reset/" in part
        assert people.bob.platform.support_address in part
        assert "goose" not in part


def test_the_owner_is_mailed_when_a_password_was_reset(people: People, relay: Relay) -> None:
    platform = people.bob.platform
    challenge = resetting.begin(
        platform=platform, address=people.bob.address, browser="a browser", network="", at=later(0)
    )
    resetting.complete(
        challenge.id, code=proving.code_of(challenge), password="a goose walks over granite", browser="a browser",
        platform=platform, client=client, at=later(1),
    )  # fmt: skip
    work(2)
    work(3)
    [mail] = relay.mails_to(people.bob.address)
    assert mail.mail["Subject"] == "Your password for Acme Legal was changed"
    assert "set anew on 21 Nov 2026, 3:03 pm UTC, with a mailed code." in mail.text


def test_nobody_is_mailed_when_there_is_no_account(people: People, relay: Relay) -> None:
    ask_for_code(None, platform=people.bob.platform)
    work()
    assert relay.taken == []


def test_a_code_that_is_over_is_not_mailed(people: People, relay: Relay) -> None:
    ask_for_code(people.bob, platform=people.bob.platform)
    work(minutes=10)
    assert relay.taken == []


def ask_for_code(account: Account | None, *, platform: Platform) -> Challenge:
    with transactions.writing():
        challenge = Challenge.objects.create(
            platform=platform,
            account=account,
            purpose=ChallengePurpose.RESET,
            browser_hash=b"",
            created_at=later(0),
            expires_at=later(10),
        )
        posting.post(AccountEvent.CODE_REQUESTED, platform_id=platform.id, at=later(0), challenge_id=str(challenge.id))
    return challenge


def test_an_invitation_sent_again_has_a_new_link_and_the_old_one_is_not_mailed(people: People, relay: Relay) -> None:
    newcomer = pending("new@elsewhere.example", by=people.alice)
    message = send(people.alice, to=[newcomer])
    work()
    invitation = inviting.invitation_of(newcomer)
    assert invitation
    old = inviting.link_of(invitation)
    inviting.send_again(invitation, by=people.alice, at=later(2))
    work(minutes=3)
    first, second = relay.mails_to("new@elsewhere.example")
    invitation.refresh_from_db()
    assert old in first.text
    assert inviting.link_of(invitation) in second.text
    assert old not in second.text
    assert first.mail["Message-ID"] != second.mail["Message-ID"]
    assert place(message, newcomer).invited_at == later(1)


def test_an_invitation_that_was_replaced_before_it_left_does_not_leave(people: People, relay: Relay) -> None:
    newcomer = pending("new@elsewhere.example", by=people.alice)
    message = send(people.alice, to=[newcomer])
    telling.tell_recipients(message, at=later(0))
    invitation = inviting.invitation_of(newcomer)
    assert invitation
    inviting.send_again(invitation, by=people.alice, at=later(0.5))
    work()
    assert len(relay.mails_to("new@elsewhere.example")) == 1


def test_who_registered_before_the_invitation_left_gets_the_usual_notice(people: People, relay: Relay) -> None:
    newcomer = pending("new@elsewhere.example", by=people.alice)
    message = send(people.alice, to=[newcomer])
    telling.tell_recipients(message, at=later(0))
    Account.objects.filter(id=newcomer.id).update(state=State.ACTIVE, registered_at=later(0.5))
    work()
    [mail] = relay.mails_to("new@elsewhere.example")
    assert f"/messages/{message.id}/" in mail.text
    assert "/invitations/" not in mail.text


WHO_IS_TOLD = [
    ("bob", {"alice", "carol", "dora"}),  # To: the sender, the other open one, and the Bcc'd person
    ("carol", {"alice", "bob", "dora"}),
    ("dora", {"alice"}),  # Bcc: the sender alone
]


@pytest.mark.parametrize(("reader", "told"), WHO_IS_TOLD)
def test_who_is_told_of_an_access(people: People, reader: str, told: set[str]) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.carol], bcc=[people.dora])
    retrieve(message, by=people.by_name(reader))
    work(minutes=3)
    assert told_people(people, message) == told


@pytest.mark.parametrize("reader", ["bob", "carol", "dora"])
def test_where_tracking_is_not_shared_the_sender_alone_is_told(people: People, reader: str) -> None:
    message = send(people.alice, to=[people.bob], cc=[people.carol], bcc=[people.dora], share_tracking=False)
    retrieve(message, by=people.by_name(reader))
    work(minutes=3)
    assert told_people(people, message) == {"alice"}


def told_people(people: People, message: Message) -> set[str]:
    names = ("alice", "bob", "carol", "dora")
    told = set(PageNotice.objects.filter(about__message=message).values_list("account_id", flat=True))
    return {name for name in names if people.by_name(name).id in told}


def test_no_id_of_a_batch_tells_of_those_between(people: People) -> None:
    random = 4  # the version of a UUID that holds no time and no counter
    newcomer = pending("new@elsewhere.example", by=people.alice)
    message = send(people.alice, to=[people.bob, newcomer], cc=[people.carol])
    work()
    retrieve(message, by=people.bob)
    work(minutes=3)
    handed_out = [*Invitation.objects.filter(account=newcomer), *PageNotice.objects.all()]
    assert len(handed_out) == 4  # the invitation, and a notice to all but the reader
    assert {row.id.version for row in handed_out} == {random}
    for mail in Mail.objects.select_related("platform", "account", "participation__message__sender"):
        assert mail.id.hex.encode() not in writing.write(mail).content


def test_who_is_bccd_is_told_last(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.carol, people.dora])
    Participation.objects.filter(message=message, account=people.carol).update(role=Role.BCC)
    telling.tell_recipients(message, at=later(0))
    told = Mail.objects.order_by("id").values_list("account__name", flat=True)
    assert list(told) == ["Bob Brennan", "Dora Dvorak", "Carol Castell"]


def test_the_hour_of_a_digest_is_a_number() -> None:
    assert telling.hour_of(later(0)) + 1 == telling.hour_of(later(0) + timedelta(hours=1))
