"""A real lock: looking and taking are one step in it, and waiting costs nothing."""

from threading import Lock
from types import SimpleNamespace

HINT = "Looking and taking are two steps here. A library makes one of them."


def setup():
    return SimpleNamespace(lock=Lock(), inside=0)


def worker(shared):
    with shared.lock:
        shared.inside += 1
        assert shared.inside == 1, "two threads are inside"
        shared.inside -= 1


THREADS = [worker, worker]
