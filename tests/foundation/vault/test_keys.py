"""Content keys."""

import copy
import json
import pickle

import pytest

from letterlock.foundation.vault.keys import ContentKey, new_content_key


def test_content_keys_differ_and_have_32_bytes() -> None:
    keys = {new_content_key().reveal() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {32}


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_content_key_of_another_size_cannot_be_made(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        ContentKey(bytes(size))


def test_a_content_key_shows_nothing() -> None:
    key = ContentKey(b"shown-if-something-is-not-right!")
    for shown in (repr(key), str(key), f"{key}", f"{key!r:>40}", repr([key]), repr({"key": key})):
        assert "shown" not in shown
        assert "ContentKey(…)" in shown


def test_a_content_key_is_not_pickled_copied_compared_or_made_into_json() -> None:
    key = new_content_key()
    for leak in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps, hash, lambda given: given == key):
        with pytest.raises(TypeError):
            leak(key)
