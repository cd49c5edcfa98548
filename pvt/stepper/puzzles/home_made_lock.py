"""The lock somebody wrote himself.

A thread waits until nobody is inside, notes that it is inside, works, and notes that it has left.
No library is needed, says the author, and it has never failed."""

from types import SimpleNamespace

GOAL = "Break it: both threads are inside at the same time."


def setup():
    return SimpleNamespace(taken=False, inside=0)


def worker(shared):
    while shared.taken:
        pass
    shared.taken = True
    shared.inside += 1
    assert shared.inside == 1, "two threads are inside"
    shared.inside -= 1
    shared.taken = False


THREADS = [worker, worker]


class Rarer:
    """Leave a name in the lock and look whether it is still there: the other may have looked
    before.

    One thread reads its own name and goes in; the other writes its name over it and goes in too.
    """

    def setup():
        return SimpleNamespace(taken=None, inside=0)

    def worker(shared, me):
        while shared.taken != me:
            if shared.taken is None:
                shared.taken = me
        shared.inside += 1
        assert shared.inside == 1, "two threads are inside"
        shared.inside -= 1
        shared.taken = None

    def left(shared):
        worker(shared, "left")

    def right(shared):
        worker(shared, "right")

    THREADS = [left, right]


class Repaired:
    """A real lock: looking and taking are one step in it, and waiting costs nothing."""

    from threading import Lock

    HINT = "Looking and taking are two steps here. A library makes one of them."

    def setup():
        return SimpleNamespace(lock=Lock(), inside=0)

    def worker(shared):
        with shared.lock:
            shared.inside += 1
            assert shared.inside == 1, "two threads are inside"
            shared.inside -= 1
