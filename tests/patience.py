"""How long a test waits for a thread, a process or a page before it calls that a hang.

A loaded machine takes its time, and its time is no finding: a limit that it can reach makes a test fail for nothing.
So only what never ends reaches this one. How long something may take is measured by `bench`, not by a test's limit.
"""

hang_seconds = 300.0
#: In a browser every step of a broken page waits as long as this, so it is less; a page's own limits are shorter still.
page_seconds = 60.0
