"""How long a test waits for a thread, a process or a page before it calls that a hang.

A loaded machine takes its time, and its time is no finding: a limit that it can reach makes a test fail for nothing.
So only what never ends reaches this one. How long something may take is measured by `bench`, not by a test's limit.
"""

import time
from collections.abc import Callable

hang_seconds = 300.0
#: In a browser every step of a broken page waits as long as this, so it is less; a page's own limits are shorter still.
page_seconds = 60.0
pause_seconds = 0.02


def wait_until(is_so: Callable[[], bool], what: str, explain: Callable[[], str] = str) -> None:
    """Look at another process until it has come so far, since none tells; `explain` gives its last words in a hang."""
    deadline = time.monotonic() + hang_seconds
    while not is_so():
        assert time.monotonic() < deadline, f"In vain: {what}.\n{explain()}"
        time.sleep(pause_seconds)
