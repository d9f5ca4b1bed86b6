"""A platform's one colour as a style sheet and as the mark in the browser's tab.

Every tint is mixed from it in `styles/tokens.css`; `domain.platforms.colouring` refuses a colour whose mixtures could
not be read.
"""

from string import Template

from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from letterlock.doors.frame.names import initials
from letterlock.doors.frame.requests import PlatformRequest

mark = Template(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="$accent"/>'
    '<text x="16" y="22.5" text-anchor="middle" font-family="Georgia,serif" font-size="19" font-weight="600" '
    'fill="#fff">$letter</text></svg>\n'
)


@require_safe
@cache_control(public=True, max_age=31536000, immutable=True)
def stylesheet(request: PlatformRequest) -> HttpResponse:
    """`/brand.css?…`: the address changes with the colour, so it may be kept for good."""
    return HttpResponse(f":root{{--accent:{request.platform.accent}}}\n", content_type="text/css")


@require_safe
@cache_control(public=True, max_age=86400)
def favicon(request: PlatformRequest) -> HttpResponse:
    """`/brand.svg`: the platform's first letter on its colour."""
    letter = initials(request.platform.name)[0]
    drawn = mark.substitute(accent=request.platform.accent, letter=letter)
    return HttpResponse(drawn, content_type="image/svg+xml")
