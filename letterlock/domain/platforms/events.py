"""Facts about platforms."""

import enum

from letterlock.foundation.audit import events


@events.register
class PlatformEvent(enum.StrEnum):
    """What can happen to a platform."""

    PLATFORM_FOUNDED = "platforms.platform.founded"
