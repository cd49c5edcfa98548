"""Writes are counted under the lock.

GoKer istio#8214, repaired.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=Lock(), stats={"writes": 0})


def check(s):
    with s.lock:
        s.stats["writes"] += 1


THREADS = [check, check]


def safe(s):
    return s.stats["writes"] == 2
