"""The stand-alone checker's own arithmetic, compared with what others computed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from letterlock.foundation.audit import trees
from letterlock.foundation.audit.trees import Place, Tree
from tests.domain.mailbox.test_exporting import checker, standalone

vectors = Path(__file__).parents[1] / "vectors"
#: RFC 8032, section 7.1, tests 1 to 3: public key, message, signature.
rfc8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), rfc8032)
def test_the_signatures_of_the_rfc_hold_and_no_bit_of_them_can_be_changed(
    public: str, message: str, signature: str
) -> None:
    given_ = bytes.fromhex(message), bytes.fromhex(signature), bytes.fromhex(public)
    assert checker.is_signed(*given_)
    for bit in range(0, 512, 37):
        changed = bytearray(given_[1])
        changed[bit // 8] ^= 1 << bit % 8
        assert not checker.is_signed(given_[0], bytes(changed), given_[2])
    assert not checker.is_signed(given_[0] + b"x", given_[1], given_[2])


@settings(max_examples=20, deadline=None)
@given(
    seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=200), junk=st.binary(min_size=64, max_size=64)
)
def test_it_judges_signatures_as_the_library_does(seed: bytes, message: bytes, junk: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    assert checker.is_signed(message, private.sign(message), public)
    assert checker.is_signed(message, junk, seed) is accepts(message, junk, seed)


def accepts(message: bytes, signature: bytes, public: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_a_signature_with_its_number_raised_by_the_order_is_refused() -> None:
    public, message, signature = (bytes.fromhex(part) for part in rfc8032[1])
    raised = int.from_bytes(signature[32:], "little") + checker.ORDER
    assert not checker.is_signed(message, signature[:32] + raised.to_bytes(32, "little"), public)


def test_it_reads_the_vectors_of_the_notes() -> None:
    notes = json.loads((vectors / "ledger-checkpoint/notes.json").read_text())
    for vector in notes["sound"]:
        key = checker.read_key(vector["key"])
        size, root = checker.read_checkpoint(checker.open_note(vector["note"], key), key[0])
        assert (size, root.hex()) == (vector["size"], vector["root"])
    key = checker.read_key(notes["sound"][0]["key"])
    for vector in notes["refused"]:
        with pytest.raises((checker.Broken, ValueError)):
            checker.read_checkpoint(checker.open_note(vector["note"], key), key[0])


def test_it_reads_the_vectors_of_the_leaves() -> None:
    for file in (vectors / "audit-ledger").glob("*.json"):
        vector = json.loads(file.read_text())
        leaf = checker.read_leaf(bytes.fromhex(vector["leaf"]))
        assert (leaf["event"], leaf["subject"], leaf["object"]) == (
            vector["event"],
            vector["subject_id"],
            vector["object_id"],
        )


@pytest.mark.parametrize("file", sorted((vectors / "exported-slip").glob("*.json")), ids=lambda file: file.stem)
def test_it_judges_each_vector_of_a_slip_as_its_name_says(file: Path) -> None:
    slip = json.loads(file.read_text())
    if file.stem.startswith("sound"):
        assert list(checker.report(*checker.check(slip, ""), is_expected=False))
        return
    with pytest.raises(checker.Broken):
        checker.check(slip, "")


@given(size=st.integers(1, 200), data=st.data())
def test_it_judges_proofs_as_our_tree_does(size: int, data: st.DataObject) -> None:
    tree, nodes = Tree(), dict[Place, bytes]()
    for number in range(size):
        nodes.update(tree.append(trees.leaf_hash(str(number).encode())))
    index, claimed = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-1, size))
    proof = trees.hashes_of(trees.inclusion_spans(index, size), nodes=nodes)
    leaf = trees.leaf_hash(str(index).encode())
    ours = trees.includes(leaf, index=claimed, size=size, proof=proof, root=tree.root())
    assert checker.is_included(leaf, claimed, size, proof, tree.root()) is ours
    assert ours is (claimed == index)


def test_the_standalone_checker_runs_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "slip.json"
    file.write_text((vectors / "exported-slip/sound-recalled.json").read_text(encoding="utf-8"), encoding="utf-8")
    alone = [sys.executable, "-I", "-S", str(standalone), str(file)]
    outcome = subprocess.run(alone, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert outcome.stdout.startswith("PROVED: ")
    file.write_text("{}", encoding="utf-8")
    outcome = subprocess.run(alone, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert outcome.returncode == 1
    assert "NOTHING IS PROVED" in outcome.stdout


def test_our_own_checker_needs_no_installation(tmp_path: Path) -> None:
    file = vectors / "exported-slip/sound-recalled.json"
    words = [sys.executable, "-m", "letterlock.config.cli", "slip", "verify", str(file)]
    bare = {"PATH": "/usr/bin:/bin", "LETTERLOCK_VAR": str(tmp_path / "nowhere")}
    outcome = subprocess.run(words, capture_output=True, text=True, check=False, cwd=vectors.parents[1], env=bare)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert outcome.stdout.startswith("Proved\n")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("program", [[str(standalone)], ["-m", "letterlock.config.cli", "slip", "verify"]])
def test_a_proof_holds_on_a_terminal_that_lacks_letters(program: list[str], tmp_path: Path) -> None:
    file = vectors / "exported-slip/sound-recalled.json"
    poor = {"PATH": "/usr/bin:/bin", "LETTERLOCK_VAR": str(tmp_path), "PYTHONIOENCODING": "ascii"}
    words = [sys.executable, *program, str(file)]
    outcome = subprocess.run(words, capture_output=True, text=True, check=False, cwd=vectors.parents[1], env=poor)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert "NOTHING IS PROVED" not in outcome.stdout
    assert "?never opened?" in outcome.stdout.casefold()


def test_the_standalone_checker_is_short_and_imports_nothing_of_ours() -> None:
    text = standalone.read_text()
    assert len(text.splitlines()) <= 300
    imported = {
        line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= set(sys.stdlib_module_names)
