"""The ledger: an append-only record of facts, one a platform.

Owns: entries, their erasable openings, the tree they are placed in, and the checkpoints that vouch for it.
Knows nothing of: what a fact means; rooms name their events.
Start reading at: `recording`, then `integrating`.
"""
