"""Each side takes the second lock under the first, keeps it, and needs the first to give it back.

SCTBench CS.carter01_bad: deadlock at 1 preemption.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(counts=Lock(), line=Lock(), a=0, b=0)


def first(s):
    with s.counts:
        s.a += 1
        if s.a == 1:
            s.line.acquire()
    with s.counts:
        s.a -= 1
        if s.a == 0:
            s.line.release()


def second(s):
    with s.counts:
        s.b += 1
        if s.b == 1:
            s.line.acquire()
    with s.counts:
        s.b -= 1
        if s.b == 0:
            s.line.release()


THREADS = [first, second]
