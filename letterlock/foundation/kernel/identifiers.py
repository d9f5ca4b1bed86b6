"""Names for rows: UUIDv7 keys (RFC 9562) and the codes people type."""

import secrets
import uuid

import uuid_utils.compat

#: Crockford's base 32: no I, L, O, U, so that a code survives being read aloud.
crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: unique, and ordered by the time it was made (milliseconds)."""
    return uuid_utils.compat.uuid7()


def new_opaque_id() -> uuid.UUID:
    """A fresh random id (UUIDv4), for a row whose id is handed to people.

    SECURITY: `new_id` counts up within a millisecond. Two people who were each handed one of a batch could see how many
    were made between theirs, and so that somebody was Bcc'd. See test_no_id_of_a_batch_tells_of_those_between.
    """
    return uuid.uuid4()


def new_message_code() -> str:
    """Eight random Crockford characters, shown as `LL-7KQ2-M4XD`; no authority, 40 bits."""
    return "".join(secrets.choice(crockford) for _ in range(8))


def spell_message_code(code: str) -> str:
    """`7KQ2M4XD` as people see it: `LL-7KQ2-M4XD`."""
    return f"LL-{code[:4]}-{code[4:]}"


def read_message_code(typed: str) -> str:
    """The stored form of a code as somebody typed it: case, dashes and look-alikes forgiven, other signs left out."""
    letters = typed.strip().upper().removeprefix("LL").translate(str.maketrans("ILO", "110"))
    return "".join(letter for letter in letters if letter in crockford)
