"""Look again before writing: now the other door must count between the second look and the write.

The gap is smaller. It is still there.
"""

from types import SimpleNamespace


def setup():
    return SimpleNamespace(visitors=0)


def door(shared):
    seen = shared.visitors
    if shared.visitors == seen:
        shared.visitors = seen + 1
    else:
        shared.visitors += 1


THREADS = [door, door]


def safe(shared):
    return shared.visitors == 2
