"""What a platform vouches for, kept in a file outside both stores. See docs/formats/ledger-checkpoint.md."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from letterlock.foundation.audit import integrating, notes, proofs, trees
from letterlock.foundation.audit.notes import Checkpoint, Key, NoteError
from letterlock.foundation.audit.settings import audit_settings
from letterlock.foundation.audit.trees import Tree
from letterlock.foundation.vault import signing
from letterlock.foundation.vault.roots import sync_folder


def key_of(platform_id: UUID, *, origin: str) -> Key:
    """The key whose signatures the platform's notes carry now. Raises NoPlatformKey."""
    return Key(origin, signing.public_key_of(platform_id))


def sign(text: str, *, platform_id: UUID, origin: str) -> str:
    """The text as a note signed by the platform. Raises NoPlatformKey."""
    key = key_of(platform_id, origin=origin)
    return notes.sign(text, key=key, signature=signing.sign(text.encode(), platform_id=platform_id))


def checkpoint(tree: Tree, *, platform_id: UUID, origin: str) -> str:
    """The signed checkpoint of this tree."""
    return sign(Checkpoint(origin, tree.size, tree.root()).spell(), platform_id=platform_id, origin=origin)


def keep_newest(platform_id: UUID, *, origin: str, at: datetime) -> None:
    """Write the checkpoint of the tree as it stands, seen onto the disk.

    One that this tree does not extend is left beside it under a name of its own: an older database was restored, or
    somebody rewrote the ledger. It says so for as long as the file is kept.
    """
    signing.ensure_signing_key(platform_id, at=at)
    file = file_of(platform_id)
    with _alone(file):
        # Read with the lock in hand, so that no slower worker writes an older tree over a newer one.
        tree = integrating.tree_of(platform_id)
        if file.exists() and not goes_on_from(_read(file), tree, platform_id=platform_id):
            file.rename(file.with_name(f"{platform_id}.{at:%Y%m%dT%H%M%S%f}.kept"))
        _replace(file, checkpoint(tree, platform_id=platform_id, origin=origin))


def kept(platform_id: UUID, *, within: Path | None = None) -> dict[Path, str]:
    """Every checkpoint file of the platform, the set-aside ones included; or those in a folder of copies."""
    files = sorted((within or audit_settings().checkpoints).glob(f"{platform_id}.*"))
    return {file: _read(file) for file in files if file.suffix in {".checkpoint", ".kept"}}


def is_behind(platform_id: UUID, *, size: int) -> bool:
    """Whether the file vouches for less than a tree of this size, or for nothing: it was not written, or lost."""
    try:
        return notes.read_checkpoint(notes.text_of(_read(file_of(platform_id)))).size < size
    except (NoteError, FileNotFoundError):
        return True


def file_of(platform_id: UUID) -> Path:
    """Where the newest checkpoint of the platform is."""
    return audit_settings().checkpoints / f"{platform_id}.checkpoint"


def goes_on_from(note: str, tree: Tree, *, platform_id: UUID) -> bool:
    """Whether the tree extends what this note, signed or not, says of it."""
    try:
        old = notes.read_checkpoint(notes.text_of(note))
    except NoteError:
        return False
    if not 0 < old.size <= tree.size:
        return old.size == 0
    try:
        proof = proofs.consistency_of(old.size, tree=tree, platform_id=platform_id)
    except KeyError:  # nodes are missing: `ledger verify` says which
        return False
    return trees.extends(old=old.size, old_root=old.root, new=tree.size, new_root=tree.root(), proof=proof)


def _read(file: Path) -> str:
    # A file that is damaged says nothing, in whichever way: as text it is refused like every other that is no note.
    return file.read_bytes().decode(errors="replace")


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        yield


def _replace(file: Path, note: str) -> None:
    fresh = file.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as out:
        out.write(note)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    sync_folder(file.parent)
