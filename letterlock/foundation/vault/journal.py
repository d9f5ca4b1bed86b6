"""The destruction journal: one line a destroyed share, outside both stores. See docs/formats/destruction-journal.md."""

import fcntl
import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from letterlock.foundation.vault.keystore.models import Reason
from letterlock.foundation.vault.roots import sync_folder

line_version = "1"
unreadable = "The destruction journal has a line that no version of this program has written: ask who changed it."
_piece_bytes = 1 << 20


class UnknownLine(ValueError):  # noqa: N818 -- its text is a sentence for the operator
    """A whole line of a later version, or of nobody's. To pass over it could bring back what was destroyed."""


@dataclass(frozen=True, kw_only=True)
class Destruction:
    """That one share was ordered to be destroyed, and why."""

    share_id: UUID
    platform_id: UUID
    object_kind: str
    object_id: UUID
    holder_kind: str
    holder_id: UUID
    reason: Reason
    entry_id: UUID | None
    destroyed_at: datetime


def append(destructions: Iterable[Destruction], *, to: Path) -> None:
    """Write the lines and see them onto the disk before returning."""
    lines = b"".join(spell_line(destruction) for destruction in destructions)
    is_new = not to.exists()
    descriptor = os.open(to, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        _write_all(file.fileno(), _end_torn_line(file.fileno()) + lines)
        os.fsync(file.fileno())
    if is_new:
        sync_folder(to.parent)


def begin(path: Path) -> None:
    """Make an empty journal where there is none: from then on a missing one is a lost one."""
    if not path.exists():
        append([], to=path)


def measure(path: Path, *, first_bytes: int | None = None) -> tuple[int, str]:
    """Length and SHA-256 of the journal, or of its first bytes: it only grows, so that tells it from another."""
    digest, left = hashlib.sha256(), path.stat().st_size if first_bytes is None else first_bytes
    length = 0
    with path.open("rb") as file:
        while piece := file.read(min(_piece_bytes, left - length)):
            digest.update(piece)
            length += len(piece)
    return length, digest.hexdigest()


def read(path: Path) -> Iterator[Destruction]:
    """Every whole line, oldest first; a line torn by a crash is passed over, as its destruction never began."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            destruction = read_line(line)
            if destruction is not None:
                yield destruction


def spell_line(destruction: Destruction) -> bytes:
    """The line, its CRC-32 last, so that a torn one is known."""
    fields = (
        line_version,
        destruction.destroyed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(destruction.share_id),
        str(destruction.platform_id),
        f"{destruction.object_kind}:{destruction.object_id}",
        f"{destruction.holder_kind}:{destruction.holder_id}",
        destruction.reason.value,
        str(destruction.entry_id or "-"),
    )
    text = "\t".join(fields).encode("ascii")
    return text + f"\t{zlib.crc32(text):08x}\n".encode("ascii")


def read_line(line: bytes) -> Destruction | None:
    """The destruction a line names, or None when the line is not whole. Raises UnknownLine."""
    text, _tab, checksum = line.removesuffix(b"\n").rpartition(b"\t")
    if not line.endswith(b"\n") or checksum != f"{zlib.crc32(text):08x}".encode("ascii"):
        return None
    version = text.partition(b"\t")[0].decode("ascii", errors="replace")
    if version != line_version:
        raise UnknownLine(f"The destruction journal has a line of version {version}: use the program that wrote it.")
    try:
        destruction = _read_fields(text.decode("ascii"))
        spelt = spell_line(destruction)
    except (ValueError, OverflowError):
        raise UnknownLine(unreadable) from None
    if spelt != line:
        raise UnknownLine(unreadable)
    return destruction


def _read_fields(text: str) -> Destruction:
    _version, at, share, platform, thing, holder, reason, entry = text.split("\t")
    object_kind, _colon, object_id = thing.partition(":")
    holder_kind, _colon, holder_id = holder.partition(":")
    return Destruction(
        share_id=UUID(share),
        platform_id=UUID(platform),
        object_kind=object_kind,
        object_id=UUID(object_id),
        holder_kind=holder_kind,
        holder_id=UUID(holder_id),
        reason=Reason(reason),
        entry_id=None if entry == "-" else UUID(entry),
        destroyed_at=datetime.fromisoformat(at),
    )


def _end_torn_line(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    return b"\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else b""


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
