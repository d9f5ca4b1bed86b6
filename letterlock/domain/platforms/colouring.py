"""Whether an accent can be read: under white text, and as ink, in the light theme and the dark one.

The style sheet makes all its tints from the accent by `color-mix(in oklch, …)`; the same mixing is done here, so that
an accent that would be illegible somewhere is refused before anybody meets it. Contrast is WCAG 2.2's, 4.5:1 (AA).
Conversions between sRGB and OKLCH: Björn Ottosson, "A perceptual color space for image processing" (2020).
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from letterlock.foundation.kernel.refusals import Kind, Refusal

least_contrast = 4.5
near_black = 0.04045  # below it sRGB is linear (IEC 61966-2-1)

# The grounds that the style sheet of the frame puts the accent on.
white = "#ffffff"
light_paper = "#fbfaf6"
light_slip = "#f6f2e7"
dark_paper = "#191a18"
dark_sheet = "#20211f"
dark_slip = "#262519"

Triple = tuple[float, float, float]

_hex = re.compile(r"\A#[0-9a-f]{6}\Z")


class InvalidColour(Refusal):
    """Not six hexadecimal digits after a number sign."""

    kind = Kind.INVALID
    code = "platforms.invalid_colour"
    sentence = _("“{colour}” is no colour. Write it as #1f5f4f. Nothing was changed.")


class IllegibleAccent(Refusal):
    """Somewhere on the page the accent could not be read."""

    kind = Kind.INVALID
    code = "platforms.illegible_accent"
    sentence = _(
        "{colour} cannot be the accent: as {where} its contrast would be {contrast}:1, and 4.5:1 is needed to be read "
        "by everybody. Nothing was changed; take a {better} shade."
    )


def read_accent(typed: str) -> str:
    """The accent as it is kept, `#1f5f4f`, once it has been found legible everywhere it is used."""
    colour = typed.strip().lower()
    if not _hex.match(colour):
        raise InvalidColour(colour=typed[:20])
    for use in _uses_of(colour):
        if (contrast := contrast_between(use.ink, use.ground)) < least_contrast:
            # Rounded down: "4.5" must never be given as the reason why 4.5 was not reached.
            shown = math.floor(contrast * 10) / 10
            raise IllegibleAccent(colour=colour, where=use.where, better=use.better, contrast=shown)
    return colour


def contrast_between(one: Triple, other: Triple) -> float:
    """WCAG 2.2's contrast ratio of two colours in linear sRGB: 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@dataclass(frozen=True, kw_only=True)
class _Use:
    where: object
    better: object
    ink: Triple
    ground: Triple


def _uses_of(accent: str) -> Iterator[_Use]:
    darker, lighter = _("darker"), _("lighter")
    yield _Use(where=_("a button with white text"), better=darker, ink=_linear(white), ground=_linear(accent))
    for ground in (_linear(light_paper), _linear(light_slip), _mix(accent, 0.09, white)):
        yield _Use(where=_("ink in the light theme"), better=darker, ink=_linear(accent), ground=ground)
    dark_ink = _mix(accent, 0.45, white)
    for ground in (_linear(dark_paper), _linear(dark_sheet), _linear(dark_slip), _mix(accent, 0.30, dark_paper)):
        yield _Use(where=_("ink in the dark theme"), better=lighter, ink=dark_ink, ground=ground)


def _luminance(colour: Triple) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> Triple:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return (_decode(red), _decode(green), _decode(blue))


def _decode(channel: float) -> float:
    return channel / 12.92 if channel <= near_black else float(((channel + 0.055) / 1.055) ** 2.4)


def _mix(accent: str, share: float, other: str) -> Triple:
    """`color-mix(in oklch, accent share, other)`; a grey takes over the other's hue, as CSS says."""
    light, chroma, hue = _to_oklch(_linear(accent))
    other_light, other_chroma, other_hue = _to_oklch(_linear(other))
    turn = (other_hue - hue + math.pi) % (2 * math.pi) - math.pi if min(chroma, other_chroma) > grey else 0.0
    if chroma <= grey:
        hue = other_hue
    rest = 1 - share
    return _from_oklch((light * share + other_light * rest, chroma * share + other_chroma * rest, hue + turn * rest))


#: Below this chroma a colour has no hue to speak of (CSS Color 4 uses 0.000004 for exact greys).
grey = 4e-6


def _to_oklch(colour: Triple) -> Triple:
    red, green, blue = colour
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    return (lightness, math.hypot(a, b), math.atan2(b, a))


def _from_oklch(colour: Triple) -> Triple:
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _in_gamut(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _in_gamut(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _in_gamut(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _in_gamut(channel: float) -> float:
    return min(1.0, max(0.0, channel))
