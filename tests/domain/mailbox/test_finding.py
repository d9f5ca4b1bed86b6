"""A code leads to a message for those who take part in it, however it was typed."""

import pytest

from letterlock.domain.mailbox import finding
from letterlock.foundation.kernel.identifiers import spell_message_code
from letterlock.foundation.kernel.refusals import NotFound
from tests.cast import People
from tests.domain.mailbox.letters import send


@pytest.mark.parametrize(
    ("name", "finds_it"),
    [("alice", True), ("bob", True), ("carol", False), ("dora", False), ("mallory", False), ("alice_at_globex", False)],
)
def test_who_finds_a_message_by_its_code(people: People, name: str, finds_it: bool) -> None:
    message, viewer = send(people.alice, to=[people.bob]), people.by_name(name)
    code = spell_message_code(message.code)
    if finds_it:
        for typed in (code, code.lower(), f" {message.code} ", code.replace("-", " ")):
            assert finding.message_of_code(typed, viewer=viewer) == message
    else:
        with pytest.raises(NotFound):
            finding.message_of_code(code, viewer=viewer)


def test_no_message_has_an_unknown_or_empty_code(people: People) -> None:
    send(people.alice, to=[people.bob])
    for typed in ("", "LL-0000-0000", "%", "x" * 500, "LL-\x00", "é"):
        with pytest.raises(NotFound):
            finding.message_of_code(typed, viewer=people.alice)
