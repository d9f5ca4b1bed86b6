"""Acts of several people at one moment, in threads on the real stores."""

import threading
from collections.abc import Callable

from django.db import connections

from tests.patience import hang_seconds


def together(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads of their own that start at one moment; what each returned or raised."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=hang_seconds)
            answers[number] = act()
        except Exception as error:
            answers[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, act), daemon=True) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=hang_seconds)
    # Without this an act that hangs would be taken for one that answered nothing.
    assert not any(thread.is_alive() for thread in threads), f"An act hangs; the others answered {answers}."
    return list(answers)
