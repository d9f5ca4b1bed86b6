"""What both sides of a run must agree on: the host, who is there, and how they sign in."""

host = "bench.localhost"
#: What everybody types to sign in: no secret, the store lives for one run on loopback.
sign_in_words = "known to everybody here"
client_count = 8
owner_address = "owner@bench.example"
newcomer_address = "newcomer@bench.example"
colleague_count = 6


def colleague_address(number: int) -> str:
    """The address of one of the colleagues; they are counted in a circle."""
    return f"colleague-{number % colleague_count}@bench.example"


def writer_address(client: int) -> str:
    """The address of who writes in this client's browser. Writers have empty mailboxes, like the newcomer."""
    return f"writer-{client}@bench.example"
