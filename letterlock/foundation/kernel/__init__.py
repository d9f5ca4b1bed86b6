"""The few words every room speaks.

Owns: refusals, transactions, identifiers, secret types, keyset pages and log fields.
Knows nothing of: any product noun, ciphers, HTTP.
Start reading at: `refusals`, then `transactions`.
"""
