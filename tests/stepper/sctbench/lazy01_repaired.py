"""The third thread may come last.

SCTBench CS.lazy01_bad, repaired.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=Lock(), data=0)


def one(s):
    with s.lock:
        s.data += 1


def two(s):
    with s.lock:
        s.data += 2


def check(s):
    with s.lock:
        assert s.data <= 3


THREADS = [one, two, check]
