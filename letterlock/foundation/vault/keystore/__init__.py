"""The second, small database: sealed keys, shares, tombstones.

Owns: what must be destroyed for good, and the proof that it was.
Knows nothing of: ciphers; it stores bytes that others sealed.
Start reading at: `models`.
"""
