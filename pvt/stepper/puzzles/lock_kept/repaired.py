"""The `with` statement gives the key back on every way out."""

from threading import Lock
from types import SimpleNamespace

HINT = "Follow each way out of customer(). On which one is the key not given back?"


def setup():
    return SimpleNamespace(key=Lock(), loaves=1)


def baker(shared):
    with shared.key:
        assert shared.loaves >= 0, "a loaf was sold that was not there"
        shared.loaves += 1


def customer(shared):
    with shared.key:
        if shared.loaves == 0:
            return
        shared.loaves -= 1


THREADS = [baker, customer, customer]


def safe(shared):
    return not shared.key.locked()
