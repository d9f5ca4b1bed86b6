"""Acts of several people at one moment, in threads on the real stores."""

import threading
from collections.abc import Callable

from django.db import connections


def together(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads of their own that start at one moment; what each returned or raised."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        gate.wait(timeout=10)
        try:
            answers[number] = act()
        except Exception as error:
            answers[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return list(answers)
