"""The pages by which people come in, and look after their account.

Owns: signing in and out, forgotten passwords, invitations, operators' links, preferences, sessions.
Knows nothing of: letters; whoever comes in is led to the mailbox by its address.
Start reading at: `sessions`, then `invitations`.
"""
