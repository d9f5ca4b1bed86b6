"""The root key: a file of 32 random bytes that only the service may read. See docs/formats/keys.md."""

import os
import secrets
import stat
from pathlib import Path

from letterlock.foundation.kernel.secrets import Secret
from letterlock.foundation.vault.sealing import key_bytes


class RootKeyRefused(Exception):  # noqa: N818 -- its text is a sentence for the operator
    """The root key cannot be used as it is; the text says why and what to do."""


class MissingRootKey(RootKeyRefused):
    """There is no file."""


class UnreadableRootKey(RootKeyRefused):
    """The service may not read the file, or a folder on the way to it is none."""


class MisshapenRootKey(RootKeyRefused):
    """The file is not one of 32 bytes."""


class ExposedRootKey(RootKeyRefused):
    """Others than the owner can reach the file."""


class RootKeyExists(RootKeyRefused):
    """A root key is never written over: everything sealed under it would be lost."""


def create_root_key(path: Path) -> None:
    """Write a fresh root key, readable by its owner alone, and see it onto the disk."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise RootKeyExists(f"There already is a root key at {path}. It was left as it is.") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(key_bytes))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def read_root_key(path: Path) -> Secret[bytes]:
    """The root key. Raises a RootKeyRefused when it is missing, misshapen or exposed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise MissingRootKey(
            f"There is no root key at {path}. Put the key back from its own backup; without it nothing can be opened."
        ) from None
    except OSError as error:
        raise UnreadableRootKey(f"The root key at {path} cannot be read: {error.strerror}.") from None
    try:
        _refuse_unless_private(os.fstat(descriptor), path)
        key = os.read(descriptor, key_bytes + 1)
    finally:
        os.close(descriptor)
    if len(key) != key_bytes:
        raise MisshapenRootKey(f"The root key at {path} must have exactly 32 bytes. Put it back from its own backup.")
    return Secret(key)


def sync_folder(folder: Path) -> None:
    """See a new file's name onto the disk; its bytes alone would not survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_unless_private(status: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise MisshapenRootKey(f"The root key at {path} is not a plain file of 32 bytes.")
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise ExposedRootKey(f"The root key at {path} can be reached by others on this machine. Run: chmod 600 {path}")
