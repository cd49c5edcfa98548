"""Let the buyers sleep a little first: mostly the baker is ahead, and nobody waits too early.

Mostly is not always: two early buyers are enough.
"""

import time
from threading import Condition
from types import SimpleNamespace


def setup():
    return SimpleNamespace(change=Condition(), shelf=[])


def baker(shared):
    for loaf in ("rye", "oat"):
        with shared.change:
            while shared.shelf:
                shared.change.wait()
            shared.shelf.append(loaf)
            assert len(shared.shelf) == 1, "two loaves on the shelf"
            shared.change.notify()


def buyer(shared):
    time.sleep(0.1)
    with shared.change:
        while not shared.shelf:
            shared.change.wait()
        shared.shelf.pop()
        shared.change.notify()


THREADS = [baker, buyer, buyer]
