"""The length is asked for under the lock.

GoKer kubernetes#88331, repaired.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=Lock(), queue=["pod"])


def flush(s):
    with s.lock:
        if s.queue:
            s.queue.pop()


def pending(s):
    with s.lock:
        if len(s.queue) > 0:
            s.queue.pop()


THREADS = [flush, pending]
