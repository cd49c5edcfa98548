"""The shelf for one loaf.

The shelf holds one loaf. The baker waits while it is full, buyers wait while it is empty. All wait
on one condition, and whoever changes the shelf wakes one of them."""

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


class Rarer:
    """Let the buyers sleep a little first: mostly the baker is ahead, and nobody waits too early.

    Mostly is not always: two early buyers are enough.
    """

    import time

    def buyer(shared):
        time.sleep(0.1)
        with shared.change:
            while not shared.shelf:
                shared.change.wait()
            shared.shelf.pop()
            shared.change.notify()


class Repaired:
    """Wake all: those whose turn it is not look, and go back to wait."""

    HINT = (
        "notify() wakes whoever has waited longest. Is that always somebody who can use the change?"
    )

    def baker(shared):
        for loaf in ("rye", "oat"):
            with shared.change:
                while shared.shelf:
                    shared.change.wait()
                shared.shelf.append(loaf)
                assert len(shared.shelf) == 1, "two loaves on the shelf"
                shared.change.notify_all()

    def buyer(shared):
        with shared.change:
            while not shared.shelf:
                shared.change.wait()
            shared.shelf.pop()
            shared.change.notify_all()
