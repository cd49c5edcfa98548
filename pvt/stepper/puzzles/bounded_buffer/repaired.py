"""Wake all: those whose turn it is not look, and go back to wait."""

from threading import Condition
from types import SimpleNamespace

HINT = "notify() wakes whoever has waited longest. Is that always somebody who can use the change?"


def setup():
    return SimpleNamespace(change=Condition(), shelf=[])


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


THREADS = [baker, buyer, buyer]
