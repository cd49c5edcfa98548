"""A queue is taken from under the lock; its length is asked for without it, and then relied upon.

GoKer kubernetes#88331: broken at 1 preemption.
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
    if len(s.queue) > 0:
        s.queue.pop()


THREADS = [flush, pending]
