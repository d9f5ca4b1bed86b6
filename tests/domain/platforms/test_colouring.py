"""Which accents can be read everywhere."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letterlock.domain.platforms import colouring
from letterlock.domain.platforms.colouring import IllegibleAccent, InvalidColour


@pytest.mark.parametrize("accent", ["#1f5f4f", "#4a3f8f", "#C03030", "#0b57d0"])
def test_an_accent_that_can_be_read_is_kept_in_lower_case(accent: str) -> None:
    assert colouring.read_accent(accent) == accent.lower()


@pytest.mark.parametrize(
    ("accent", "reason"),
    [
        ("#ffff00", "as a button with white text its contrast would be 1"),
        ("#ff0000", "as a button with white text its contrast would be 3.9:1"),
        ("#767676", "as ink in the light theme its contrast would be 4."),
        ("#000000", "as ink in the dark theme its contrast would be 3."),
    ],
)
def test_an_accent_that_cannot_be_read_is_refused_with_the_place(accent: str, reason: str) -> None:
    with pytest.raises(IllegibleAccent) as refusal:
        colouring.read_accent(accent)

    assert reason in refusal.value.explain()


@pytest.mark.parametrize("typed", ["", "red", "#fff", "#1f5f4f; color: red", "#1f5f4g", "1f5f4f", "#1f5f4f\n0"])
def test_what_is_no_colour_is_refused(typed: str) -> None:
    with pytest.raises(InvalidColour):
        colouring.read_accent(typed)


def test_contrast_is_that_of_wcag() -> None:
    assert colouring.contrast_between((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    # #767676 is the well-known lightest grey that passes on white, at 4.54.
    grey = ((0x76 / 255 + 0.055) / 1.055) ** 2.4
    assert colouring.contrast_between((grey,) * 3, (1, 1, 1)) == pytest.approx(4.54, abs=0.005)


@given(st.integers(min_value=0, max_value=0xFFFFFF))
def test_any_colour_is_kept_or_refused(number: int) -> None:
    accent = f"#{number:06x}"
    with suppress(IllegibleAccent):
        assert colouring.read_accent(accent) == accent
