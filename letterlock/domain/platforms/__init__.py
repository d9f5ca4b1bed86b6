"""Tenants: one organisation's independent Secure Messaging.

Owns: platforms, their host names, accent and support address.
Knows nothing of: people or messages.
Start reading at: `founding`.
"""
