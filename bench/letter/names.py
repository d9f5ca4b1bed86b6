"""What both sides of a run must agree on: the host, who is there, and how they sign in."""

host = "bench.localhost"
#: What everybody types to sign in: no secret, the store lives for one run on loopback.
sign_in_words = "known to everybody here"
owner_address = "owner@bench.example"
newcomer_address = "newcomer@bench.example"
colleague_count = 6


def colleague_address(number: int) -> str:
    """The address of one of the colleagues; they are counted in a circle."""
    return f"colleague-{number % colleague_count}@bench.example"
