"""Content keys in two halves: docs/formats/wraps.md."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.secrets import Plaintext, Secret
from letterlock.foundation.vault import key_pairs, platform_keys, wrapping
from letterlock.foundation.vault.keys import ContentKey, new_content_key
from letterlock.foundation.vault.keystore.models import Share
from letterlock.foundation.vault.models import Basis, Holder, KeyPair, ObjectKind, Thing, Wrap
from letterlock.foundation.vault.sealing import Tampered, seal_record
from tests.foundation.vault import by_the_page
from tests.foundation.vault.conftest import Plant, at, new_holder, new_platform
from tests.foundation.vault.vectors import cases, context_of, folder


@cases("wraps/wraps.json")
def test_a_wrap_opens_from_its_vector(case: dict[str, Any], plant_platform_key: Plant) -> None:
    of, holder, platform_id = plant_wrap(case, plant_platform_key)
    fetched = wrapping.fetch_share(of, holder=holder, platform_id=platform_id)
    assert wrapping.unwrap(fetched).reveal().hex() == case["content_key"]


@cases("wraps/wraps.json")
def test_a_second_implementation_opens_both_halves(case: dict[str, Any]) -> None:
    info = by_the_page.context("wrap", case["wrap_context"])
    assert info.hex() == case["info"]
    private = bytes.fromhex(case["key_pair"]["private_key"])
    half_a = by_the_page.open_hpke(bytes.fromhex(case["sealed_half"]), private=private, info=info)
    where = by_the_page.context("sealed-record", case["share_context"])
    share_key = bytes.fromhex(case["share_key"])
    half_b = by_the_page.open_record(bytes.fromhex(case["sealed_share"]), key=share_key, where=where)
    assert (half_a.hex(), half_b.hex()) == (case["half_a"], case["half_b"])
    assert bytes(a ^ b for a, b in zip(half_a, half_b, strict=True)).hex() == case["content_key"]


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, 1167), bit=st.integers(0, 7))
def test_any_flipped_bit_of_half_a_is_refused(position: int, bit: int) -> None:
    case = first_case()
    changed = bytearray.fromhex(case["sealed_half"])
    changed[position] ^= 1 << bit
    private = key_pairs.read_private_key(bytes.fromhex(case["key_pair"]["private_key"]))
    with pytest.raises(Tampered):
        wrapping.open_half(bytes(changed), private=private, context=context_of(case["wrap_context"]))


@pytest.mark.parametrize("length", [0, 1, 1119, 1120, 1136, 1167])
def test_a_cut_half_a_is_refused(length: int) -> None:
    case = first_case()
    private = key_pairs.read_private_key(bytes.fromhex(case["key_pair"]["private_key"]))
    sealed = bytes.fromhex(case["sealed_half"])[:length]
    with pytest.raises(Tampered):
        wrapping.open_half(sealed, private=private, context=context_of(case["wrap_context"]))


def test_each_holder_unwraps_the_same_key(platform_id: UUID, alice: Holder, bob: Holder) -> None:
    key, of = give(platform_id, alice, bob)
    for holder in (alice, bob):
        assert open_for(holder, of, platform_id).reveal() == key.reveal()
    assert wrapping.holders_of(of) == {alice, bob}


def test_a_share_or_a_half_alone_says_nothing_of_the_key(platform_id: UUID, alice: Holder) -> None:
    key, of = give(platform_id, alice)
    private = key_pairs.open_private_key(alice, platform_id=platform_id, generation=1)
    wrap = Wrap.objects.get(object_id=of.id)
    half = wrapping.open_half(bytes(wrap.sealed_half), private=private, context=wrapping._wrap_context(wrap))
    assert half != key.reveal()
    for stored in (bytes(wrap.sealed_half), bytes(Share.objects.get(object_id=of.id).sealed)):
        assert key.reveal() not in stored


def test_shares_are_drawn_afresh_for_each_wrap(platform_id: UUID, alice: Holder, bob: Holder) -> None:
    _key, of = give(platform_id, alice, bob)
    halves = set()
    for wrap in Wrap.objects.filter(object_id=of.id):
        holder = Holder(wrap.holder_id)
        private = key_pairs.open_private_key(holder, platform_id=platform_id, generation=1)
        halves.add(wrapping.open_half(bytes(wrap.sealed_half), private=private, context=wrapping._wrap_context(wrap)))
    assert len(halves) == 2


def test_each_holder_has_the_basis_that_was_given(platform_id: UUID, alice: Holder, bob: Holder) -> None:
    of = new_message()
    bases = {alice: Basis.AUTHORED, bob: Basis.RECEIVED}
    keep(wrapping.prepare_wraps(new_content_key(), of=of, to=[alice, bob], basis=bases, platform_id=platform_id, at=at))
    assert dict(Wrap.objects.values_list("holder_id", "basis")) == {alice.id: "authored", bob.id: "received"}


def test_a_holder_named_twice_has_one_wrap(platform_id: UUID, alice: Holder) -> None:
    _key, of = give(platform_id, alice, alice)
    assert Wrap.objects.filter(object_id=of.id).count() == 1
    assert Share.objects.filter(object_id=of.id).count() == 1


def test_a_key_given_again_opens_and_the_earlier_share_is_nameless(platform_id: UUID, alice: Holder) -> None:
    key, of = give(platform_id, alice)
    keep(wrapping.prepare_wraps(key, of=of, to=[alice], basis=Basis.RECEIVED, platform_id=platform_id, at=at))
    assert open_for(alice, of, platform_id).reveal() == key.reveal()
    assert Wrap.objects.filter(object_id=of.id).count() == 1
    assert Share.objects.filter(object_id=of.id).count() == 2


def test_a_try_that_failed_after_its_shares_does_not_stand_in_the_way(platform_id: UUID, alice: Holder) -> None:
    key, of = new_content_key(), new_message()
    wrapping.prepare_wraps(key, of=of, to=[alice], basis=Basis.RECEIVED, platform_id=platform_id, at=at)
    with pytest.raises(wrapping.ShareGone):
        wrapping.fetch_share(of, holder=alice, platform_id=platform_id)
    keep(wrapping.prepare_wraps(key, of=of, to=[alice], basis=Basis.RECEIVED, platform_id=platform_id, at=at))
    assert open_for(alice, of, platform_id).reveal() == key.reveal()


def test_shares_are_stored_before_the_main_transaction(platform_id: UUID, alice: Holder) -> None:
    with transactions.writing(), pytest.raises(transactions.WrongTransaction, match="before"):
        wrapping.prepare_wraps(
            new_content_key(), of=new_message(), to=[alice], basis=Basis.RECEIVED, platform_id=platform_id, at=at
        )


def test_wraps_are_kept_within_the_main_transaction(platform_id: UUID, alice: Holder) -> None:
    prepared = wrapping.prepare_wraps(
        new_content_key(), of=new_message(), to=[alice], basis=Basis.RECEIVED, platform_id=platform_id, at=at
    )
    with pytest.raises(transactions.WrongTransaction):
        wrapping.keep_wraps(prepared)


@pytest.mark.parametrize("rows", [Share, KeyPair])
def test_a_row_that_names_a_platform_key_nobody_made_is_refused_like_any_other(
    platform_id: UUID, alice: Holder, rows: type[Share | KeyPair]
) -> None:
    _key, of = give(platform_id, alice)
    rows.objects.filter(holder_id=alice.id).update(platform_key_generation=7)
    with pytest.raises(Tampered):
        open_for(alice, of, platform_id)


def test_a_holder_of_another_platform_is_given_nothing(platform_id: UUID) -> None:
    mallory = new_holder(new_platform())
    with pytest.raises(key_pairs.NoKeyPair):
        wrapping.prepare_wraps(
            new_content_key(), of=new_message(), to=[mallory], basis=Basis.RECEIVED, platform_id=platform_id, at=at
        )
    assert not Share.objects.exists()


def test_who_has_no_wrap_or_asks_on_another_platform_has_no_share(
    platform_id: UUID, alice: Holder, bob: Holder
) -> None:
    _key, of = give(platform_id, alice)
    for holder, platform in ((bob, platform_id), (alice, new_platform())):
        with pytest.raises(wrapping.ShareGone):
            wrapping.fetch_share(of, holder=holder, platform_id=platform)


def test_wraps_sealed_to_an_older_pair_open_after_a_new_one_was_made(platform_id: UUID, alice: Holder) -> None:
    key, of = give(platform_id, alice)
    with transactions.writing():
        key_pairs.create_key_pair(alice, platform_id=platform_id, at=at)
    assert open_for(alice, of, platform_id).reveal() == key.reveal()


def test_wraps_open_after_the_platform_key_was_renewed(platform_id: UUID, alice: Holder) -> None:
    key, of = give(platform_id, alice)
    platform_keys.renew_platform_key(platform_id, at=at)
    assert open_for(alice, of, platform_id).reveal() == key.reveal()


def test_a_wrap_given_to_another_holder_is_refused(platform_id: UUID, alice: Holder, bob: Holder) -> None:
    _key, of = give(platform_id, alice, bob)
    stolen = Wrap.objects.get(holder_id=alice.id)
    Wrap.objects.filter(holder_id=bob.id).update(sealed_half=stolen.sealed_half)
    with pytest.raises(Tampered):
        open_for(bob, of, platform_id)


def test_a_share_given_to_another_holder_is_refused(platform_id: UUID, alice: Holder, bob: Holder) -> None:
    _key, of = give(platform_id, alice, bob)
    stolen = Share.objects.get(holder_id=alice.id)
    Share.objects.filter(holder_id=bob.id).update(sealed=stolen.sealed)
    with pytest.raises(Tampered):
        open_for(bob, of, platform_id)


def test_a_wrap_and_share_that_both_change_holder_are_refused(platform_id: UUID, alice: Holder, bob: Holder) -> None:
    _key, of = give(platform_id, alice)
    Wrap.objects.update(holder_id=bob.id)
    Share.objects.update(holder_id=bob.id)
    with pytest.raises(Tampered):
        open_for(bob, of, platform_id)


def test_a_wrap_and_share_moved_to_another_object_are_refused(platform_id: UUID, alice: Holder) -> None:
    give(platform_id, alice)
    other = new_message()
    Wrap.objects.update(object_id=other.id)
    Share.objects.update(object_id=other.id)
    with pytest.raises(Tampered):
        open_for(alice, other, platform_id)


def test_a_draft_s_wrap_is_no_message_s(platform_id: UUID, alice: Holder) -> None:
    _key, of = give(platform_id, alice)
    Wrap.objects.update(object_kind=ObjectKind.DRAFT)
    Share.objects.update(object_kind=ObjectKind.DRAFT)
    with pytest.raises(Tampered):
        open_for(alice, Thing(ObjectKind.DRAFT, of.id), platform_id)


def test_a_wrap_moved_to_another_platform_is_refused(platform_id: UUID, alice: Holder) -> None:
    _key, of = give(platform_id, alice)
    elsewhere = new_platform()
    for rows in (Wrap.objects, Share.objects, KeyPair.objects):
        rows.update(platform_id=elsewhere)
    with pytest.raises(Tampered):
        open_for(alice, of, elsewhere)


@pytest.mark.parametrize(
    "change", [{"suite": "ROT13"}, {"key_generation": 2}, {"sealed_half": b""}], ids=lambda c: next(iter(c))
)
def test_a_changed_wrap_is_refused(platform_id: UUID, alice: Holder, change: dict[str, Any]) -> None:
    _key, of = give(platform_id, alice)
    with transactions.writing():
        key_pairs.create_key_pair(alice, platform_id=platform_id, at=at)
    Wrap.objects.update(**change)
    with pytest.raises(Tampered):
        open_for(alice, of, platform_id)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_half_of_another_size_is_refused_though_it_verifies(platform_id: UUID, alice: Holder, size: int) -> None:
    _key, of = give(platform_id, alice)
    wrap, pair = Wrap.objects.get(), KeyPair.objects.get()
    share_key = platform_keys.purpose_key(platform_id, platform_keys.Purpose.SHARE)
    half_b = seal_record(Plaintext(bytes(size)), key=share_key.key, context=wrapping._share_context(wrap, 1))
    kept = Share.objects.get().sealed
    Share.objects.update(sealed=half_b)
    with pytest.raises(Tampered):
        open_for(alice, of, platform_id)
    Share.objects.update(sealed=kept)
    half_a = wrapping._seal_half(Secret(bytes(size)), pair, wrapping._wrap_context(wrap))
    Wrap.objects.update(sealed_half=half_a)
    with pytest.raises(Tampered):
        open_for(alice, of, platform_id)


def test_what_is_fetched_shows_nothing(platform_id: UUID, alice: Holder) -> None:
    _key, of = give(platform_id, alice)
    fetched = wrapping.fetch_share(of, holder=alice, platform_id=platform_id)
    assert repr(fetched) == "FetchedShare()"


def test_five_hundred_wraps_are_few_statements(
    platform_id: UUID, alice: Holder, django_assert_max_num_queries: Any
) -> None:
    holders = [alice, *(new_holder(platform_id) for _ in range(30))]
    platform_keys.purpose_key(platform_id, platform_keys.Purpose.SHARE)
    with django_assert_max_num_queries(4, using="keystore"), django_assert_max_num_queries(1):
        prepared = wrapping.prepare_wraps(
            new_content_key(), of=new_message(), to=holders, basis=Basis.RECEIVED, platform_id=platform_id, at=at
        )
    with django_assert_max_num_queries(3):
        keep(prepared)


def new_message() -> Thing:
    return Thing(ObjectKind.MESSAGE, new_id())


def keep(prepared: wrapping.PreparedWraps) -> None:
    with transactions.writing():
        wrapping.keep_wraps(prepared)


def give(platform_id: UUID, *holders: Holder) -> tuple[ContentKey, Thing]:
    """A new key of a new message, wrapped for these holders."""
    key, of = new_content_key(), new_message()
    keep(wrapping.prepare_wraps(key, of=of, to=holders, basis=Basis.RECEIVED, platform_id=platform_id, at=at))
    return key, of


def open_for(holder: Holder, of: Thing, platform_id: UUID) -> ContentKey:
    return wrapping.unwrap(wrapping.fetch_share(of, holder=holder, platform_id=platform_id))


def first_case() -> dict[str, Any]:
    case: dict[str, Any] = json.loads((folder / "wraps/wraps.json").read_text())["cases"][0]
    return case


def plant_wrap(case: dict[str, Any], plant: Plant) -> tuple[Thing, Holder, UUID]:
    """Puts a vector's rows into both stores."""
    context, pair = case["wrap_context"], case["key_pair"]
    platform_id, holder = UUID(context["platform"]), Holder(UUID(context["holder"]))
    of = Thing(ObjectKind(context["purpose"].split("/")[1]), UUID(context["object"]))
    generation = case["share_context"]["generation"]
    plant(platform_id, generation, bytes.fromhex(case["platform_key"]))
    KeyPair.objects.create(
        id=UUID(pair["context"]["object"]),
        platform_id=platform_id,
        holder_kind=holder.kind,
        holder_id=holder.id,
        generation=pair["generation"],
        suite=key_pairs.suite_name,
        public_key=bytes.fromhex(pair["public_key"]),
        sealed_private_key=bytes.fromhex(pair["sealed_private_key"]),
        platform_key_generation=pair["context"]["generation"],
        created_at=at,
    )
    shared = {
        "platform_id": platform_id,
        "object_kind": of.kind,
        "object_id": of.id,
        "holder_kind": holder.kind,
        "holder_id": holder.id,
        "created_at": at,
    }
    share = Share.objects.create(
        id=uuid4(), platform_key_generation=generation, sealed=bytes.fromhex(case["sealed_share"]), **shared
    )
    Wrap.objects.create(
        basis=Basis.RECEIVED,
        share_id=share.id,
        suite=key_pairs.suite_name,
        key_generation=pair["generation"],
        sealed_half=bytes.fromhex(case["sealed_half"]),
        **shared,
    )
    return of, holder, platform_id
