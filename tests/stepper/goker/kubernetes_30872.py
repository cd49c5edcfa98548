"""Three threads take three locks in a ring, each through another function.

GoKer kubernetes#30872: deadlock at 1 preemption.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(informer=Lock(), queue=Lock(), store=Lock())


def clusters(s):
    with s.informer, s.queue:
        pass


def deliver(s):
    with s.queue, s.store:
        pass


def resync(s):
    with s.store, s.informer:
        pass


THREADS = [clusters, deliver, resync]
