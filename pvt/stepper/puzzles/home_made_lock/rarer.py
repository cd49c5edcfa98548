"""Leave a name in the lock and look whether it is still there: the other may have looked before.

One thread reads its own name and goes in; the other writes its name over it and goes in too.
"""

from types import SimpleNamespace


def setup():
    return SimpleNamespace(taken=None, inside=0)


def work(shared, me):
    while shared.taken != me:
        if shared.taken is None:
            shared.taken = me
    shared.inside += 1
    assert shared.inside == 1, "two threads are inside"
    shared.inside -= 1
    shared.taken = None


def left(shared):
    work(shared, "left")


def right(shared):
    work(shared, "right")


THREADS = [left, right]
