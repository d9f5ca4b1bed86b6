"""Pictures are taken for what they are, whatever they are called."""

import pytest

from letterlock.domain.mailbox import drafting, picturing
from letterlock.domain.mailbox.models import Part, PartKind
from letterlock.domain.policies import limits
from letterlock.foundation.kernel.refusals import NotFound, Refusal
from tests.cast import People
from tests.domain.mailbox.desks import png, write
from tests.domain.mailbox.letters import sent_at
from tests.domain.mailbox.racing import together

webp = b"RIFF\x00\x00\x00\x00WEBPVP8 "
pictures = {
    "image/png": png,
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "image/gif": b"GIF89a\x01\x00",
    "image/webp": webp,
}
no_pictures = [
    b"",
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    b"<?xml version='1.0'?><svg/>",
    b"<html><script>alert(1)</script>",
    b"%PDF-1.7",
    b"BM\x00\x00",
    b"RIFF\x00\x00\x00\x00WAVE",
    b"\x89PNG",
]


@pytest.mark.parametrize("media_type", pictures)
def test_the_four_kinds_are_taken_by_their_bytes(people: People, media_type: str) -> None:
    draft = write(people.alice)
    part = picturing.add_picture(draft, content=pictures[media_type], by=people.alice, at=sent_at)
    shown = picturing.open_picture(draft, part.reference, by=people.alice)
    assert (shown.media_type, shown.content) == (media_type, pictures[media_type])


@pytest.mark.parametrize("content", no_pictures)
def test_anything_else_is_refused(people: People, content: bytes) -> None:
    draft = write(people.alice)
    with pytest.raises(picturing.NotAPicture):
        picturing.add_picture(draft, content=content, by=people.alice, at=sent_at)
    assert not Part.objects.filter(kind=PartKind.PICTURE).exists()


def test_a_picture_over_ten_megabytes_is_refused(people: People) -> None:
    with pytest.raises(picturing.PictureTooLarge) as refused:
        picturing.add_picture(
            write(people.alice), content=png + bytes(limits.picture_bytes), by=people.alice, at=sent_at
        )
    assert "10 MB" in refused.value.explain()


def test_a_draft_keeps_twice_as_many_as_a_message_holds(people: People) -> None:
    draft = write(people.alice)
    for _ in range(picturing.most_kept - 1):
        picturing.add_picture(draft, content=png, by=people.alice, at=sent_at)

    def add() -> object:
        return picturing.add_picture(draft, content=png, by=people.alice, at=sent_at)

    answers = together(add, add)
    assert sum(isinstance(one, Part) for one in answers) == 1
    assert sum(isinstance(one, picturing.TooManyPictures) for one in answers) == 1


def test_no_picture_joins_a_draft_that_is_gone(people: People) -> None:
    draft = write(people.alice)
    drafting.discard_draft(draft, by=people.alice, at=sent_at)
    with pytest.raises(NotFound):
        picturing.add_picture(draft, content=png, by=people.alice, at=sent_at)


@pytest.mark.parametrize("refusal", [picturing.NotAPicture, picturing.PictureTooLarge, picturing.TooManyPictures])
def test_each_refusal_says_that_nothing_was_added(refusal: type[Refusal]) -> None:
    assert "was not added" in refusal(most=25, most_mib=10).explain()


def test_a_picture_that_is_not_in_the_draft_is_not_found(people: People) -> None:
    mine, other = write(people.alice), write(people.alice)
    part = picturing.add_picture(other, content=png, by=people.alice, at=sent_at)
    with pytest.raises(NotFound):
        picturing.open_picture(mine, part.reference, by=people.alice)
