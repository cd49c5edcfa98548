"""Two values that belong together are written under a lock each: a reader sees the first without the second.

SCTBench CS.twostage_bad: broken at 1 preemption.
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
