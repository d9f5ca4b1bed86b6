"""Pictures of the pages on the way, when somebody wants them: LETTERLOCK_PICTURES names the folder they go to.

Those in docs/pictures are a few of `LETTERLOCK_PICTURES=/tmp/them bin/test --only sqlite -k "looks or first_letter"`.
"""

import os
from pathlib import Path

from tests.journeys.visitors import Visitor

wanted = os.environ.get("LETTERLOCK_PICTURES")


def take(visitor: Visitor, name: str) -> None:
    """The page as it stands, in light and in dark, named by its width."""
    if not wanted:
        return
    folder, size = Path(wanted), visitor.page.viewport_size
    assert size
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)
        visitor.page.screenshot(
            path=folder / f"{name}-{size['width']}-{scheme}.png", animations="disabled", caret="hide"
        )
    visitor.page.emulate_media(color_scheme="light")
