#!/usr/bin/env python3
"""Checks a Delivery Slip that was exported from Letterlock, with nothing of Letterlock's.

    python3 letterlock_verify.py FILE [--key KEY]

Needs Python 3.9 or newer and nothing else; asks no network. Written from docs/formats/exported-slip.md alone: hashes of
RFC 9162, signed notes of C2SP, Ed25519 of RFC 8032. Exit status: 0 all holds, 1 something does not, 2 no such file.
"""

import argparse
import base64
import hashlib
import io
import json
import sys
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

FORMAT = "letterlock-slip/1"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
RETRIEVED, SENT = "mailbox.message.retrieved", "mailbox.message.sent"


def sha(content):
    return hashlib.sha256(content).digest()


class Broken(Exception):
    """The file does not prove what it claims; the text says what is wrong."""


def demand(holds, sentence):
    if not holds:
        raise Broken(sentence)


# ── Ed25519 (RFC 8032, section 5.1.7); it handles no secret, so it may take its time ──

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def decompress(encoded):
    y = int.from_bytes(encoded, "little")
    x = recover_x(y & (1 << 255) - 1, y >> 255)
    return None if x is None else (x, y & (1 << 255) - 1, 1, x * (y & (1 << 255) - 1) % P)


def add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


BASE_Y = 4 * pow(5, -1, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def is_signed(message, signature, public):
    key, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or key is None or r is None or s >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = multiply(s, BASE), add(r, multiply(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# ── Signed notes (C2SP signed-note, tlog-checkpoint) ──


def unbase64(text):
    return base64.b64decode(text, validate=True)


def read_key(spelt):
    """(name, key id, public key) of `name+id+base64`."""
    name, key_id, encoded = spelt.split("+", 2)
    content = unbase64(encoded)
    demand(content[:1] == b"\x01", "The key is not one of Ed25519.")
    expected = sha(name.encode() + b"\n" + content)[:4]
    demand(expected.hex() == key_id, "The key's id does not fit it.")
    return name, expected, content[1:]


def open_note(note, key):
    """The text of the note, when it is signed with the key."""
    name, key_id, public = key
    text, gap, line = note.rpartition("\n\n")
    start = f"— {name} "
    demand(gap and line.startswith(start) and line.endswith("\n"), "A note is not signed under the key's name.")
    signature = unbase64(line[len(start) : -1])
    signed = signature[:4] == key_id and is_signed(f"{text}\n".encode(), signature[4:], public)
    demand(signed, "A signature does not hold: the text was changed, or signed with another key.")
    return f"{text}\n"


def read_checkpoint(text, name):
    lines = text.split("\n")
    demand(len(lines) == 4 and lines[0] == name and lines[3] == "", "The checkpoint is of another form or ledger.")
    demand(lines[1].isdecimal() and str(int(lines[1])) == lines[1], "The checkpoint's size is no number.")
    root = unbase64(lines[2])
    demand(len(root) == 32, "The checkpoint's root is no hash.")
    return int(lines[1]), root


# ── The tree (RFC 9162, section 2.1.3.2) ──


def is_included(digest, index, size, proof, root):
    place, last = index, size - 1
    if isinstance(index, bool) or not 0 <= index < size:
        return False
    for sibling in proof:
        if last == 0 or len(sibling) != 32:
            return False
        if place & 1 or place == last:
            digest = sha(b"\x01" + sibling + digest)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            digest = sha(b"\x01" + digest + sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and digest == root


# ── Leaves (docs/formats/audit-ledger.md) ──


def read_leaf(content):
    stream = io.BytesIO(content)

    def take(count):
        piece = stream.read(count)
        demand(len(piece) == count, "A leaf is cut.")
        return piece

    def sized():
        return take(take(1)[0])

    def perhaps_id():
        flag = take(1)
        demand(flag in (b"\x00", b"\x01"), "A leaf has no such flag.")
        return str(uuid.UUID(bytes=take(16))) if flag == b"\x01" else None

    def pairs(value):
        found = [(sized().decode("ascii"), value()) for _ in range(take(1)[0])]
        demand([name for name, _ in found] == sorted(dict(found)), "The names in a leaf are not in their order.")
        return dict(found)

    demand(take(4) == b"LLE1", "A leaf is of another version.")
    leaf = {"platform": str(uuid.UUID(bytes=take(16))), "entry": take(16), "event": sized().decode("ascii")}
    leaf["at"] = EPOCH + timedelta(microseconds=int.from_bytes(take(8), "big", signed=True))
    leaf["subject"], leaf["object"] = perhaps_id(), perhaps_id()
    leaf["digests"], leaf["commitments"] = pairs(sized), pairs(lambda: take(32))
    demand(not stream.read(1), "Something follows a leaf.")
    return leaf


def opens(leaf, opening):
    kind, salt = opening["kind"].encode("ascii"), unbase64(opening["salt"])
    hidden = leaf["entry"] + bytes([len(kind)]) + kind + salt + opening["value"].encode()
    return len(salt) == 32 and leaf["commitments"].get(opening["kind"]) == sha(b"letterlock-commitment-1\x00" + hidden)


# ── The file (docs/formats/exported-slip.md) ──


def read_entry(given, size, root):
    content, index = unbase64(given["leaf"]), given["index"]
    leaf, digest = read_leaf(content), sha(b"\x00" + content)
    if index is not None:
        proof = [unbase64(piece) for piece in given["proof"]]
        demand(is_included(digest, index, size, proof, root), f"Entry {index} is not in the checkpoint's tree.")
    for opening in given["openings"]:
        demand(opens(leaf, opening), f"The {opening['kind']} shown for entry {index} is not what was recorded.")
    leaf["shown"] = {opening["kind"]: opening["value"] for opening in given["openings"]}
    return {**leaf, "index": index, "hash": digest.hex()}


def check(slip, expected_key):
    """(key, size, statement, entries); raises Broken where something does not hold."""
    demand(slip["format"] == FORMAT, "This is no exported slip of a version known here.")
    demand(expected_key in ("", slip["key"]), "The file is signed with another key than the one expected.")
    key = read_key(slip["key"])
    size, root = read_checkpoint(open_note(slip["checkpoint"], key), key[0])
    head, _, body = open_note(slip["statement"], key).partition("\n")
    demand(head == FORMAT, "What is signed as the statement is none.")
    statement = json.loads(body)
    demand(statement["ledger_size"] == size, "Statement and checkpoint are of different moments.")
    entries = [read_entry(given, size, root) for given in slip["entries"]]
    about = {(entry["platform"], entry["subject"]) for entry in entries}
    ours = (statement["platform"]["id"], statement["message"]["id"])
    demand(about <= {ours}, "An entry is about another message.")
    hashes = [entry["hash"] for entry in entries]
    demand(hashes == statement["entries"], "The entries are not those that the statement counts.")
    tracked = sorted(one["id"] for one in statement["people"] if one["role"] != "from" and statement["tracking"])
    receipt = statement["receipt"] or {"people": [{"id": one} for one in tracked]}
    demand(sorted(person["id"] for person in receipt["people"]) == tracked, "The receipt leaves somebody out.")
    for person in receipt["people"] if statement["receipt"] else []:
        times = [entry["at"] for entry in entries if (entry["event"], entry["object"]) == (RETRIEVED, person["id"])]
        first = min(times).isoformat(timespec="microseconds") if times else None
        demand((person["opened_at"], person["times"]) == (first, len(times)), "The receipt contradicts the entries.")
    return key, size, statement, entries


def receipt_lines(receipt, names):
    if receipt is None:
        return
    done, gone = receipt["keys_destroyed_at"] or "(not yet)", receipt["snapshots_gone_at"] or "(not yet known)"
    yield f"  It was {receipt['why']} at {receipt['at']}; recipients' keys destroyed {done}, in snapshots until {gone};"
    for person in receipt["people"]:
        opened = f"opened first at {person['opened_at']}" if person["opened_at"] else "never opened"
        yield f"    {opened} by {names[person['id']]}"


def report(key, size, statement, entries, is_expected):
    """What the file proves, what the platform only says, and what nobody can show."""
    names = {person["id"]: f"{person['name']} <{person['address']}>" for person in statement["people"]}
    placed = [entry for entry in entries if entry["index"] is not None]
    yield f"PROVED: {len(placed)} entries about message {statement['message']['code']} stand, unchanged, in the ledger"
    yield f"of {size} entries that the holder of this key vouched for ({key[0]}, key {key[1].hex()}):"
    for entry in placed:
        who, client = names.get(entry["object"], ""), entry["shown"].get("client", "")
        yield f"  {entry['index']:>8}  {entry['at'].isoformat(' ')}  {entry['event']}  {who}  {client}".rstrip()
    first = sorted(f"{one['id']} {one['role']} {one['account']}" for one in statement["people"] if one["since_sending"])
    sent = [entry["digests"].get("people") for entry in entries if entry["event"] == SENT]
    if first and sha("\n".join(first).encode()) in sent:
        yield f"  The {len(first)} participations listed as there since the sending are exactly those recorded then."
    yield from ("", "SAID by the platform over its signature, and not provable by a ledger:")
    yield "  These names and addresses belong to those participations:"
    yield from (f"    {one['role']:<5} {names[one['id']]}" for one in statement["people"])
    yield f"  Up to entry {size - 1} nothing else was recorded about the message of: {', '.join(statement['events'])}."
    if len(placed) < len(entries):
        yield f"  {len(entries) - len(placed)} more entries were recorded and had no place yet."
    if not statement["tracking"]:
        yield "  Tracking was disabled: the file does not say who opened the message."
    yield from receipt_lines(statement["receipt"], names)
    yield from ("", "NOT SHOWN by this or any such file:")
    if not is_expected:
        yield "  that the key is the platform's: ask for its key by another way, and give it with --key;"
    yield "  absence: an entry against “never opened”, proved in a ledger the platform vouched for, would convict it;"
    yield "  that others are shown the same ledger: compare the checkpoint with one that somebody else has;"
    yield "  that the clock was right, that destroyed keys left no copy, who looked, what anybody kept, what it said."


def say(line):
    """Names come from the file: nothing in them may steer the terminal, or begin a line of their own."""
    sys.stdout.write("".join(sign if sign.isprintable() else "�" for sign in line) + "\n")


def main():
    parser = argparse.ArgumentParser(description="Check an exported Delivery Slip offline.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", default="", help="the platform's key, told by another way than the file")
    given = parser.parse_args()
    sys.stdout.reconfigure(errors="replace")  # a terminal without a letter of some name must not overthrow a proof
    try:
        text = given.file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        sys.stderr.write(f"{given.file} cannot be read.\n")
        return 2
    try:
        for line in list(report(*check(json.loads(text), given.key.strip()), bool(given.key))):
            say(line)
    except (Broken, KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        why = error if isinstance(error, Broken) else "this is no exported slip, or it was cut or changed."
        say(f"NOTHING IS PROVED: {why}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
