"""Whether the time of an answer tells what its words do not: run by hand, `bin/timing`, since no clock is a test.

What can be counted instead (statements, hashes, mails) is held by `tests/doors/web/test_equal_work.py`.
"""
