"""Reading headers of caught mails."""

import re


def found(pattern: str, text: str) -> str:
    """The first group of the pattern, which must be there."""
    match = re.search(pattern, text, re.MULTILINE)
    assert match, f"{pattern} is not there"
    return match[1]
