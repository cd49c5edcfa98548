"""One lock is held over both values.

SCTBench CS.twostage_bad, repaired.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(first_lock=Lock(), second_lock=Lock(), first=0, second=0)


def writer(s):
    with s.first_lock:
        s.first = 1
        with s.second_lock:
            s.second = s.first + 1


def reader(s):
    with s.first_lock:
        if s.first == 0:
            return
        first = s.first
    with s.second_lock:
        second = s.second
    assert second == first + 1, (first, second)


THREADS = [writer, reader]
