"""Letters: drafts, messages, participations, tracking, recall, expiry.

Owns: what was written to whom, who opened it, and what was taken back.
Knows nothing of: how people are told (notices) and how pages look (doors).
Start reading at: `sending`, `reading`, `recalling`.
"""
