"""The slip and its history, as each person may see them."""

from letterlock.domain.mailbox import attesting, recalling
from letterlock.domain.platforms import ledgers
from tests.cast import People, visit
from tests.domain.mailbox.desks import mail
from tests.domain.mailbox.letters import later, send, words
from tests.doors.web.mailbox.doors import address_of, htmx, open_letter, read


def slip_of(message, account) -> str:
    return visit(account).get(address_of(message, "slip/"), headers=htmx).content.decode()


def test_the_sender_sees_the_stamp_and_the_meter(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.dora])
    read(message, people.bob)

    slip = slip_of(message, people.alice)

    assert "1 of 2 retrieved" in slip
    assert ">Retrieved</b>" in slip
    assert ">Waiting</b>" in slip


def test_where_tracking_is_not_shared_a_recipient_reads_who_sees_it(people: People) -> None:
    message = send(people.alice, to=[people.bob, people.dora], share_tracking=False)
    read(message, people.bob)

    slip = slip_of(message, people.bob)

    assert "stamp" not in slip
    assert "Only the sender sees tracking." in slip


def test_a_recall_takes_the_letter_off_the_page(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    browser = visit(people.bob)
    open_letter(message, browser)
    recalling.recall_message(message, reason="Wrong file.", destroy_own_copy=False, by=people.alice, at=later())

    answer = browser.get(address_of(message, "slip/"), headers=htmx).content.decode()

    assert 'id="letter-body" hx-swap-oob="true"' in answer
    assert "Wrong file." in answer
    assert "You had opened it" in answer
    assert "<iframe" not in answer
    assert 'value="reply"' not in answer
    assert words not in answer


def test_times_carry_their_utc(people: People) -> None:
    message = send(people.alice, to=[people.bob])

    slip = slip_of(message, people.alice)

    assert 'title="2026-11-21 15:02:11 UTC"' in slip
    assert '<time datetime="2026-11-21T15:02:11Z"' in slip


def test_the_same_instant_is_shown_in_each_viewers_zone(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    for zone, shown in (("America/Los_Angeles", "7:02:11 am"), ("America/New_York", "10:02:11 am")):
        browser = visit(people.alice)
        browser.cookies["letterlock-zone"] = zone

        assert shown in browser.get(address_of(message, "slip/"), headers=htmx).content.decode()


def test_the_history_lists_every_occurrence(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    read(message, people.bob)
    read(message, people.bob)

    page = visit(people.alice).get(address_of(message, "history/")).content.decode()
    dialog = visit(people.alice).get(address_of(message, "history/"), headers=htmx).content.decode()

    assert page.count("<td>Retrieved</td>") == 2
    assert dialog.count("<td>Retrieved</td>") == 2
    assert "<dialog" in dialog
    assert "<html" not in dialog


def test_the_sender_downloads_the_slip_and_nobody_else(people: People) -> None:
    message = mail(people.alice, to=[people.bob.address], bcc=[people.carol.address])
    read(message, people.bob)
    ledgers.place_waiting_entries(at=later())

    answer = visit(people.alice).get(address_of(message, "slip/file/"))

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="delivery-slip-LL-')
    assert answer.headers["Cache-Control"] == "no-store"
    assert attesting.attest(answer.content.decode())
    for other in (people.bob, people.carol, people.dora, people.alice_at_globex):
        assert visit(other).get(address_of(message, "slip/file/")).status_code == 404


def test_the_download_is_offered_to_the_sender_alone(people: People) -> None:
    message = mail(people.alice, to=[people.bob.address])
    read(message, people.bob)
    assert "slip/file/" in slip_of(message, people.alice)
    assert "slip/file/" not in slip_of(message, people.bob)


def test_a_ledger_that_is_not_ready_says_so(people: People) -> None:
    message = mail(people.alice, to=[people.bob.address])
    answer = visit(people.alice).get(address_of(message, "slip/file/"))
    assert answer.status_code == 503
    assert "brought up to date" in answer.content.decode()


def test_the_names_above_the_letter_are_fetched_with_the_slip(people: People) -> None:
    """Who registers meanwhile has a name there too, without a reload."""
    message = send(people.alice, to=[people.bob])
    browser = visit(people.alice)
    people.bob.name = "Robert Newname"
    people.bob.save(update_fields=["name"])

    answer = browser.get(address_of(message, "slip/"), headers=htmx).content.decode()

    assert '<div hx-swap-oob="outerHTML:#letter-from">' in answer
    assert answer.split('id="letter-from"')[1].count("Robert Newname") == 1
