"""The lock somebody wrote himself.

A thread waits until nobody is inside, notes that it is inside, works, and notes that it has left. No library is
needed, says the author, and it has never failed.
"""

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
