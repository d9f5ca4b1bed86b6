"""The one Jinja environment: strict about names, escaping by default, translated."""

from functools import lru_cache
from typing import Any

from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from letterlock.domain.policies import limits
from letterlock.doors.frame import names, times

#: An address and the name of a file follow from what is asked for alone, and a page of fifty rows asks for 130 of them:
#: found anew each time they are two fifths of its work.
remembered_addresses = 8_192
remembered_files = 256


def environment(**options: Any) -> Environment:
    """Called once by Django's Jinja back end."""
    options |= {"undefined": StrictUndefined, "autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(extensions=["jinja2.ext.i18n"], **options)  # noqa: S701 -- `options` has autoescape=True
    translate = made.install_gettext_callables  # type: ignore[attr-defined]  # the i18n extension adds it
    translate(translation.gettext, translation.ngettext, newstyle=True)
    made.globals |= {
        "static": lru_cache(maxsize=remembered_files)(static),
        "url": _url,
        "zone_name": times.zone_name,
        "language": translation.get_language,
        "get_messages": get_messages,
        "limits": limits,
    }
    made.filters |= {
        "initials": names.initials,
        "spoken": times.spoken_now,
        "ahead": times.ahead,
        "in_utc": times.in_utc,
        "for_machines": times.for_machines,
    }
    return made


@lru_cache(maxsize=remembered_addresses)
def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)
