"""People: accounts, invitations, sessions, codes.

Owns: who somebody is on one platform, and how they prove it.
Knows nothing of: messages.
Start reading at: `registering`, then `signing_in`.
"""
