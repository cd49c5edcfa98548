"""Each waits until the one before it is done.

SCTBench CS.token_ring_bad, repaired.
"""

import threading
from types import SimpleNamespace


def setup():
    done = [threading.Event() for _ in range(3)]
    return SimpleNamespace(lock=threading.Lock(), x=[1, 2, 1], done=done)


def first(s):
    with s.lock:
        s.x[0] = (s.x[2] + 1) % 4
    s.done[0].set()


def second(s):
    s.done[0].wait()
    with s.lock:
        s.x[1] = s.x[0]
    s.done[1].set()


def third(s):
    s.done[1].wait()
    with s.lock:
        s.x[2] = s.x[1]
    s.done[2].set()


def check(s):
    with s.lock:
        if all(event.is_set() for event in s.done):
            assert s.x[0] == s.x[1] == s.x[2], s.x


THREADS = [first, second, third, check]
