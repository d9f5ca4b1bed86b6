"""Pictures of the pages on the way: kept beside the journeys, and for the README when an environment says so.

LETTERLOCK_PICTURES names a folder; the pictures in docs/pictures are made with it.
"""

import os
from pathlib import Path

from tests.journeys.visitors import Visitor

beside = Path(__file__).parent / "pictures"
folder = Path(os.environ.get("LETTERLOCK_PICTURES", beside))


def take(visitor: Visitor, name: str) -> None:
    """The page as it stands, in light and in dark, named by its width."""
    size = visitor.page.viewport_size
    assert size
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)
        visitor.page.screenshot(
            path=folder / f"{name}-{size['width']}-{scheme}.png", animations="disabled", caret="hide"
        )
    visitor.page.emulate_media(color_scheme="light")
