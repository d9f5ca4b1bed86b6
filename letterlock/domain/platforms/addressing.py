"""Where a platform is found from outside."""

from letterlock.domain.platforms import settings
from letterlock.domain.platforms.models import Platform


def url_of(platform: Platform, path: str) -> str:
    """The public address of `path` (which starts with a slash) under the platform's host in use."""
    return f"{origin_of(platform)}{path}"


def is_encrypted() -> bool:
    """Whether people reach this installation by HTTPS alone; only the demo does without."""
    return settings.read().public_scheme == "https"


def origin_of(platform: Platform) -> str:
    """Scheme, host and port, as a browser spells an origin."""
    public = settings.read()
    port = f":{public.public_port}" if public.public_port else ""
    return f"{public.public_scheme}://{platform.host}{port}"
