"""What does not hang on the store is shown on SQLite alone: two databases have to fit into one run."""

import os

import pytest

only_once = pytest.mark.skipif(
    os.environ.get("LETTERLOCK_DATABASE", "").startswith("postgresql:"),
    reason="Nothing of it hangs on the store; it is shown on SQLite.",
)
