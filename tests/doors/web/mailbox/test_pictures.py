"""Pictures of a draft, through their pages."""

import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from letterlock.domain.mailbox import drafting
from letterlock.domain.mailbox.models import Draft
from tests.cast import People, visit


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


@pytest.fixture
def draft(people: People) -> Draft:
    return drafting.start_draft(by=people.alice, at=timezone.now())


def _upload(people: People, draft: Draft, content: bytes, name: str = "x.png") -> dict[str, str]:
    file = SimpleUploadedFile(name, content, "image/png")
    answer = visit(people.alice).post(
        f"/drafts/{draft.id}/pictures/", {"picture": file}, headers={"accept": "application/json"}
    )
    return {"status": str(answer.status_code), **answer.json()}


def test_a_picture_of_a_draft_can_do_nothing_but_be_seen(people: People, draft: Draft) -> None:
    told = _upload(people, draft, _png(), name="x.html")
    answer = visit(people.alice).get(f"/drafts/{draft.id}/pictures/{told['id']}/")
    assert answer.content == _png()
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"", b"\x89PNG"])
def test_what_is_no_picture_is_refused(people: People, draft: Draft, content: bytes) -> None:
    assert _upload(people, draft, content)["status"] == "422"


@pytest.mark.parametrize("name", ["bob", "carol", "mallory"])
def test_nobody_else_sees_it(people: People, draft: Draft, name: str) -> None:
    told = _upload(people, draft, _png())
    assert visit(people.by_name(name)).get(f"/drafts/{draft.id}/pictures/{told['id']}/").status_code == 404
