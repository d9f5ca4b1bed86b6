"""Starts another module of this folder inside a store: Django is set up before that module is imported."""

import importlib
import sys

import django


def main() -> None:
    """`python -m bench.letter.starting MODULE …`: what follows the name goes to the module's own `main`."""
    django.setup()
    name = sys.argv.pop(1)
    importlib.import_module(f"bench.letter.{name}").main()


if __name__ == "__main__":
    main()
