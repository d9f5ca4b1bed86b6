"""The ledger: an append-only record of facts, one a platform.

Owns: entries, their erasable openings, and the list of entries that wait for a place in the tree.
Knows nothing of: what a fact means; rooms name their events.
Start reading at: `recording`.
"""
