"""Finding a message by its code."""

import pytest

from letterlock.foundation.kernel.identifiers import spell_message_code
from tests.cast import People, visit
from tests.domain.mailbox.letters import send
from tests.doors.web.mailbox.doors import address_of


def test_a_code_leads_to_its_message_however_it_is_typed(people: People) -> None:
    message = send(people.alice, to=[people.bob])
    code = spell_message_code(message.code)

    for typed in (code, code.lower(), f" {message.code} "):
        assert visit(people.bob).get("/codes/", {"code": typed})["Location"] == address_of(message)


@pytest.mark.parametrize("name", ["carol", "dora", "mallory", "alice_at_globex"])
def test_a_code_is_no_authority(people: People, name: str) -> None:
    message = send(people.alice, to=[people.bob])

    response = visit(people.by_name(name)).get("/codes/", {"code": message.code})

    assert response.status_code == 404
    account = people.by_name(name)
    assert account.address in response.content.decode()
    assert account.platform.support_address in response.content.decode()
