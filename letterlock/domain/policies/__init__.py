"""Rules, and verdicts on what people propose: plain values in, plain values out.

Owns: the normal form of addresses, the limits with their numbers, throttling decisions.
Knows nothing of: the database.
Start reading at: `addresses`, then `throttling`.
"""
