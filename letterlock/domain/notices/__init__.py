"""Telling people: mails, their delivery, notices in the page.

Owns: whom to tell of which fact, the mails' shape, their delivery state.
Knows nothing of: how the facts came about.
Start reading at: `jobs`, then `telling` and `carrying`.
"""
