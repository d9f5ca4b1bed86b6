"""How fast the sealed stream seals and opens, beside the bare cipher on frames of the same size in the same process."""

import json
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from statistics import median
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from letterlock.foundation.vault.keys import new_content_key
from letterlock.foundation.vault.sealing import Context
from letterlock.foundation.vault.segments import (
    Header,
    StreamKind,
    frame_bytes,
    open_frames,
    seal_frames,
    seal_segment,
    segment_bytes,
    segment_salt_bytes,
)
from letterlock.foundation.vault.streams import seal_stream

rounds = 41
nonce = bytes(12)


def main() -> None:
    """Measure in turn, and print one line of JSON."""
    sys.stdout.write(json.dumps(speeds(rounds=rounds)) + "\n")


def speeds(*, rounds: int) -> dict[str, float]:
    """Gigabytes of plaintext a second of processor time, each the median of so many segments of 8 MiB."""
    works = _works(secrets.token_bytes(segment_bytes))
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds + 1):
        for name, work in works.items():
            started = time.thread_time()
            work()
            seconds[name].append(time.thread_time() - started)
    return {name: round(segment_bytes / median(taken[1:]) / 1e9, 2) for name, taken in seconds.items()}


def _works(content: bytes) -> dict[str, Callable[[], object]]:
    key, context = new_content_key(), Context(platform_id=uuid4(), purpose="bench", object_id=uuid4())
    header = Header(
        kind=StreamKind.FILE, object_id=context.object_id, index=0, salt=secrets.token_bytes(segment_salt_bytes)
    )
    sealed = seal_segment(content, header=header, key=key, context=context)
    cipher = AESGCM(secrets.token_bytes(32))
    frames = [content[start : start + frame_bytes] for start in range(0, segment_bytes, frame_bytes)]
    ciphered = [cipher.encrypt(nonce, frame, None) for frame in frames]
    return {
        "cipher_seal": lambda: _use(cipher.encrypt(nonce, frame, None) for frame in frames),
        "stream_seal": lambda: _use(seal_frames([content], header=header, key=key, context=context)),
        "cipher_open": lambda: _use(cipher.decrypt(nonce, frame, None) for frame in ciphered),
        "stream_open": lambda: _use(open_frames([sealed], header=header, key=key, context=context)),
        "stream_seal_with_digests": lambda: seal_stream(
            [content], key=key, context=context, kind=StreamKind.FILE, keep=len
        ),
    }


def _use(frames: Iterable[bytes]) -> int:
    """Take each frame as a file or a socket would, and let it go."""
    return sum(len(frame) for frame in frames)


if __name__ == "__main__":
    main()
