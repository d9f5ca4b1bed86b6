"""Facts about platforms."""

import enum

from letterlock.foundation.audit import events


@events.register
class PlatformEvent(enum.StrEnum):
    """What can happen to a platform."""

    PLATFORM_FOUNDED = "platforms.platform.founded"
    STORES_RESTORED = "platforms.stores.restored"  # with the digest of each copy
    RECALLS_GIVEN_UP = "platforms.recalls.given_up"
