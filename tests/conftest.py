"""What every test shares: real stores, emptied after each test, and the cast."""

from tests.cast import people, platforms

__all__ = ["people", "platforms"]
