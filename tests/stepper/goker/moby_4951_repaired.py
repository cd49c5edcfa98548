"""Both take the lock over all first.

GoKer moby#4951, repaired.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(all=Lock(), device=Lock(), active=True)


def deactivate(s):
    with s.all:
        with s.device:
            s.active = False


def remove(s):
    with s.all:
        with s.device:
            s.active = None


THREADS = [deactivate, remove]
