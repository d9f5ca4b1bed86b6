"""Sealed records: docs/formats/sealed-record.md."""

import dataclasses
import hashlib
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letterlock.foundation.kernel.secrets import Plaintext, Secret
from letterlock.foundation.vault.sealing import Context, Tampered, open_record, seal_record, seal_with_salt
from tests.foundation.vault import by_the_page
from tests.foundation.vault.vectors import cases, content_of, context_of

key = Secret(b"k" * 32)
here = Context(platform_id=uuid4(), purpose="note", object_id=uuid4(), holder_id=uuid4(), generation=3)
text = Plaintext(b"The keys are under the mat.")

contexts = st.builds(
    Context,
    platform_id=st.uuids(),
    purpose=st.text(max_size=40),
    object_id=st.uuids(),
    holder_id=st.none() | st.uuids(),
    generation=st.integers(0, 2**32 - 1),
)


@cases("sealed-record/records.json")
def test_a_record_has_exactly_the_bytes_of_its_vector(case: dict[str, Any]) -> None:
    context, parent = context_of(case["context"]), Secret(bytes.fromhex(case["key"]))
    assert context.encode(format_name="sealed-record").hex() == case["encoded_context"]
    sealed = seal_with_salt(Plaintext(content_of(case)), salt=bytes.fromhex(case["salt"]), key=parent, context=context)
    assert is_stored(case, sealed)
    assert open_record(sealed, key=parent, context=context) == content_of(case)


@cases("sealed-record/records.json")
def test_a_second_implementation_seals_records_to_the_same_bytes(case: dict[str, Any]) -> None:
    parent, where = bytes.fromhex(case["key"]), by_the_page.context("sealed-record", case["context"])
    salt = bytes.fromhex(case["salt"])
    assert is_stored(case, by_the_page.seal_record(content_of(case), key=parent, salt=salt, where=where))


@cases("sealed-record/refused.json")
def test_every_other_sequence_of_bytes_is_refused_with_the_one_error(case: dict[str, Any]) -> None:
    with pytest.raises(Tampered):
        open_record(
            bytes.fromhex(case["sealed"]),
            key=Secret(bytes.fromhex(case["key"])),
            context=context_of(case["context"]),
        )


@given(plaintext=st.binary(max_size=200), context=contexts)
def test_what_is_sealed_opens(plaintext: bytes, context: Context) -> None:
    sealed = seal_record(Plaintext(plaintext), key=key, context=context)
    assert open_record(sealed, key=key, context=context) == plaintext


@settings(max_examples=200)
@given(data=st.data())
def test_any_flipped_bit_is_refused(data: st.DataObject) -> None:
    sealed = bytearray(seal_record(text, key=key, context=here))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Tampered):
        open_record(bytes(sealed), key=key, context=here)


def test_any_cut_is_refused() -> None:
    sealed = seal_record(text, key=key, context=here)
    for length in range(len(sealed)):
        with pytest.raises(Tampered):
            open_record(sealed[:length], key=key, context=here)


@pytest.mark.parametrize(
    "moved",
    [
        {"platform_id": uuid4()},
        {"purpose": "notes"},
        {"object_id": uuid4()},
        {"holder_id": uuid4()},
        {"holder_id": None},
        {"generation": 4},
    ],
    ids=lambda moved: next(iter(moved)),
)
def test_a_record_moved_to_another_context_is_refused(moved: dict[str, UUID]) -> None:
    sealed = seal_record(text, key=key, context=here)
    with pytest.raises(Tampered):
        open_record(sealed, key=key, context=dataclasses.replace(here, **moved))  # type: ignore[arg-type]  # a field's own kind


@given(one=contexts, other=contexts)
def test_no_two_contexts_are_the_same_bytes(one: Context, other: Context) -> None:
    are_same = one.encode(format_name="sealed-record") == other.encode(format_name="sealed-record")
    assert are_same == (one == other)


def test_a_record_of_one_format_is_refused_as_another() -> None:
    sealed = seal_record(text, key=key, context=here)
    with pytest.raises(Tampered):
        open_record(sealed, key=key, context=here, format_name="stream-manifest")


def test_equal_plaintexts_give_different_ciphertexts() -> None:
    sealed = {seal_record(text, key=key, context=here) for _ in range(50)}
    assert len(sealed) == 50
    assert len({one[2:18] for one in sealed}) == 50


def is_stored(case: dict[str, Any], sealed: bytes) -> bool:
    """Whether these are the vector's bytes; long ones are kept by their length and SHA-256."""
    if "sealed" in case:
        return bool(sealed.hex() == case["sealed"])
    return (len(sealed), hashlib.sha256(sealed).hexdigest()) == (case["sealed_bytes"], case["sealed_sha256"])
