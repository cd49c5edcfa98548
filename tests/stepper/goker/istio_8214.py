"""Writes are counted without a lock.

GoKer istio#8214: broken at 1 preemption.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=Lock(), stats={"writes": 0})


def check(s):
    s.stats["writes"] += 1


THREADS = [check, check]


def safe(s):
    return s.stats["writes"] == 2
