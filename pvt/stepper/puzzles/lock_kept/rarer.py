"""Look through the window first: few customers now enter an empty shop, but some still do.

The loaf may be sold between the look and the key.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(key=Lock(), loaves=1)


def baker(shared):
    with shared.key:
        assert shared.loaves >= 0, "a loaf was sold that was not there"
        shared.loaves += 1


def customer(shared):
    if shared.loaves == 0:
        return
    shared.key.acquire()
    if shared.loaves == 0:
        return
    shared.loaves -= 1
    shared.key.release()


THREADS = [baker, customer, customer]


def safe(shared):
    return not shared.key.locked()
