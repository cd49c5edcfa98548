"""The reader compares with the element of its own round, although rounds can pass without an element.

SCTBench CS.queue_bad: broken at 0 preemptions.
"""

from threading import Lock
from types import SimpleNamespace

SIZE = 3


def setup():
    return SimpleNamespace(lock=Lock(), queue=[], stored=[], may_put=True, may_get=False)


def writer(s):
    with s.lock:
        s.queue.append(0)
        s.stored.append(0)
    for value in range(1, SIZE):
        with s.lock:
            if s.may_put:
                s.queue.append(value)
                s.stored.append(value)
                s.may_put, s.may_get = False, True


def reader(s):
    for number in range(SIZE):
        with s.lock:
            if s.may_get:
                assert s.queue.pop() == s.stored[number]
                s.may_put, s.may_get = True, False


THREADS = [writer, reader]
