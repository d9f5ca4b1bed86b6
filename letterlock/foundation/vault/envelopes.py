"""Short texts under the platform's envelope key: subjects, reasons. See docs/formats/envelope.md."""

import struct
from uuid import UUID

from letterlock.foundation.kernel.secrets import Plaintext, Sealed
from letterlock.foundation.vault import platform_keys
from letterlock.foundation.vault.platform_keys import Purpose
from letterlock.foundation.vault.sealing import Context, Tampered, format_version, open_record, seal_record

_header = struct.Struct(">BI")  # version, generation of the platform key


def seal_text(text: str, *, platform_id: UUID, object_id: UUID, label: str) -> Sealed:
    """`text` for this platform, object and label alone."""
    key = platform_keys.purpose_key(platform_id, Purpose.ENVELOPE)
    context = _context(platform_id, object_id, label, key.generation)
    record = seal_record(Plaintext(text.encode()), key=key.key, context=context)
    return Sealed(_header.pack(format_version, key.generation) + record)


def open_text(sealed: bytes, *, platform_id: UUID, object_id: UUID, label: str) -> str:
    """What `seal_text` sealed. Raises Tampered."""
    if len(sealed) < _header.size or sealed[0] != format_version:
        raise Tampered
    _version, generation = _header.unpack_from(sealed)
    key = platform_keys.stored_purpose_key(platform_id, Purpose.ENVELOPE, generation=generation)
    context = _context(platform_id, object_id, label, generation)
    return open_record(sealed[_header.size :], key=key.key, context=context).decode()


def _context(platform_id: UUID, object_id: UUID, label: str, generation: int) -> Context:
    return Context(platform_id=platform_id, purpose=f"envelope/{label}", object_id=object_id, generation=generation)
