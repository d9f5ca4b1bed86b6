"""Which code somebody is about to type, and asking for another. The id says nothing without browser and code."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from letterlock.domain.accounts import proving
from letterlock.domain.accounts.models import Challenge
from letterlock.doors.frame.requests import PlatformRequest, safe_next
from letterlock.doors.web.accounts import cookies


def lead_to(address: str, challenge: Challenge, **more: str) -> HttpResponseRedirect:
    """To the page where the code is typed. The address remembers `more` too, so that a reload loses nothing."""
    named = {"challenge": str(challenge.id), **more}
    return HttpResponseRedirect(f"{address}?{urlencode(named)}")


def named_in(request: HttpRequest) -> UUID | None:
    """The challenge the page is about; None when the address is not one of ours."""
    try:
        return UUID(request.GET.get("challenge", ""))
    except ValueError:
        return None


@require_POST
def send_another(request: PlatformRequest, challenge_id: UUID) -> HttpResponse:
    """A new code by mail, and back to the page where it is typed."""
    browser = cookies.browser_of(request)
    proving.request_another(challenge_id, browser=browser, platform=request.platform, at=timezone.now())
    messages.success(request, _("A new code is on its way. The one before no longer counts."))
    return HttpResponseRedirect(safe_next(request, request.POST.get("next")))
