"""The shelf for one loaf.

The shelf holds one loaf. The baker waits while it is full, buyers wait while it is empty. All wait on one
condition, and whoever changes the shelf wakes one of them.
"""

from threading import Condition
from types import SimpleNamespace

GOAL = "Break it: a baker with bread and a buyer with money wait for each other for ever."


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
    with shared.change:
        while not shared.shelf:
            shared.change.wait()
        shared.shelf.pop()
        shared.change.notify()


THREADS = [baker, buyer, buyer]
