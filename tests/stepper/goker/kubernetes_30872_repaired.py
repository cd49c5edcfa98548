"""All take them in the same order.

GoKer kubernetes#30872, repaired.
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
    with s.informer, s.store:
        pass


THREADS = [clusters, deliver, resync]
