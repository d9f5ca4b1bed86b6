"""Pauses of the product that a test has no time for, shortened; everything else is as it runs in earnest."""

from datetime import timedelta

from django.apps import AppConfig


class FireConfig(AppConfig):
    """A relay that did not answer is left alone for a second, not for thirty, and tried again after one, not sixty."""

    name = "tests.fire"

    def ready(self) -> None:
        from letterlock.domain.notices import carrying, relaying

        relaying.rest = carrying.shortest_pause = timedelta(seconds=1)
