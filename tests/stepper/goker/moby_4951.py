"""Deactivating takes the device's lock, then the one over all; removal takes them the other way
round.

GoKer moby#4951: deadlock at 1 preemption.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(all=Lock(), device=Lock(), active=True)


def deactivate(s):
    with s.device:
        with s.all:
            s.active = False


def remove(s):
    with s.all:
        with s.device:
            s.active = None


THREADS = [deactivate, remove]
