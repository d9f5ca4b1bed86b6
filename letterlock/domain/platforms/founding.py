"""Founding a platform: its key first, then its rows."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from letterlock.domain.platforms import colouring, naming
from letterlock.domain.platforms.events import PlatformEvent
from letterlock.domain.platforms.models import HostName, Platform
from letterlock.foundation.audit import recording
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.identifiers import new_id
from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.vault import platform_keys, signing


class HostTaken(Refusal):
    """A platform of this installation answers to the name, or once did."""

    kind = Kind.CONFLICT
    code = "platforms.host_taken"
    sentence = _(
        "A platform here answers to “{host}” already, or once did: links in old mails lead there. Nothing was changed; "
        "choose another host name."
    )


class InvalidSupportAddress(Refusal):
    """People could not write to it when they need help."""

    kind = Kind.INVALID
    code = "platforms.invalid_support_address"
    sentence = _("“{address}” is no e-mail address for support. Nothing was changed.")


def found_platform(*, name: str, host: str, accent: str, support_address: str, at: datetime) -> Platform:
    """Found a platform that answers to `host`.

    A crash between the two stores leaves a key that no platform names: it seals nothing and opens nothing.

    Refuses: InvalidHost, HostTaken, InvalidPlatformName, InvalidColour, IllegibleAccent, InvalidSupportAddress.
    """
    platform = Platform(
        id=new_id(),
        name=naming.read_name(name),
        accent=colouring.read_accent(accent),
        support_address=_read_support_address(support_address),
        created_at=at,
    )
    host_name = HostName(name=naming.read_host(host), platform=platform)
    _refuse_taken(host_name.name)
    platform_keys.create_platform_key(platform.id, at=at)
    signing.ensure_signing_key(platform.id, at=at)
    try:
        _keep(platform, host_name, at=at)
    except IntegrityError as error:
        # Two founders at once: the primary key of HostName lets one of them through.
        raise HostTaken(host=host_name.name) from error
    return platform


def _read_support_address(typed: str) -> str:
    try:
        validate_email(typed)
    except ValidationError as error:
        raise InvalidSupportAddress(address=typed[:254]) from error
    return typed


def _refuse_taken(host: str) -> None:
    if HostName.objects.filter(name=host).exists():
        raise HostTaken(host=host)


@transactions.opened
def _keep(platform: Platform, host_name: HostName, *, at: datetime) -> None:
    platform.save(force_insert=True)
    host_name.save(force_insert=True)
    recording.record(PlatformEvent.PLATFORM_FOUNDED, platform_id=platform.id, subject_id=platform.id, at=at)
