"""The root key file: docs/formats/keys.md."""

import os
from pathlib import Path

import pytest

from letterlock.foundation.vault import roots


def test_a_new_root_key_is_32_bytes_that_only_its_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "root.key"
    roots.create_root_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert roots.read_root_key(path).reveal() == path.read_bytes()
    assert len(path.read_bytes()) == 32


def test_two_root_keys_differ(tmp_path: Path) -> None:
    for name in ("one", "two"):
        roots.create_root_key(tmp_path / name)
    assert (tmp_path / "one").read_bytes() != (tmp_path / "two").read_bytes()


def test_a_root_key_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    roots.create_root_key(path)
    before = path.read_bytes()
    with pytest.raises(roots.RootKeyExists, match="left as it is"):
        roots.create_root_key(path)
    assert path.read_bytes() == before


def test_a_missing_root_key_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(roots.MissingRootKey, match=r"no root key at .*absent.*backup"):
        roots.read_root_key(tmp_path / "absent")


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_root_key_of_another_size_is_refused(tmp_path: Path, size: int) -> None:
    path = written(tmp_path / "root.key", bytes(size), mode=0o600)
    with pytest.raises(roots.MisshapenRootKey, match="exactly 32 bytes"):
        roots.read_root_key(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610, 0o601, 0o777])
def test_a_root_key_that_others_can_reach_is_refused_and_says_how_to_mend_it(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path / "root.key", bytes(32), mode=mode)
    with pytest.raises(roots.ExposedRootKey, match="chmod 600"):
        roots.read_root_key(path)


def test_a_root_key_may_be_read_only(tmp_path: Path) -> None:
    path = written(tmp_path / "root.key", b"r" * 32, mode=0o400)
    assert roots.read_root_key(path).reveal() == b"r" * 32


def test_what_is_no_plain_file_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(roots.MisshapenRootKey, match="not a plain file"):
            roots.read_root_key(path)


def test_a_root_key_that_cannot_be_reached_is_refused_with_the_reason(tmp_path: Path) -> None:
    written(tmp_path / "file", b"", mode=0o600)
    with pytest.raises(roots.UnreadableRootKey, match="cannot be read: Not a directory"):
        roots.read_root_key(tmp_path / "file" / "root.key")


def test_a_root_key_shows_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "root.key", b"r" * 32, mode=0o600)
    assert repr(roots.read_root_key(path)) == "Secret(…)"


def written(path: Path, content: bytes, *, mode: int) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path
