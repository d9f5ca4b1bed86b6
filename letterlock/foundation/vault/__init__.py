"""Keys, wraps and sealing: the only room that touches ciphers.

Owns: the root key, platform keys, key pairs, two-halved wraps, sealed records and streams, derived tokens.
Knows nothing of: accounts, messages, files; it sees holders and objects by kind and id.
Start reading at: `wrapping`, then `sealing` and `destroying`; the formats are in `docs/formats/`.
"""
