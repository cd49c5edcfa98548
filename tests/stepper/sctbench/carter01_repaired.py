"""The second lock is taken and given back without the first.

SCTBench CS.carter01_bad, repaired.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(counts=Lock(), line=Lock(), a=0, b=0)


def first(s):
    with s.counts:
        s.a += 1
    with s.line:
        with s.counts:
            s.a -= 1


def second(s):
    with s.counts:
        s.b += 1
    with s.line:
        with s.counts:
            s.b -= 1


THREADS = [first, second]
