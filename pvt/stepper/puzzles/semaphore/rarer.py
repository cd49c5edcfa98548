"""Try once more before going away: the bench must be taken at both tries.

Who never had a place still hands one back, only less often.
"""

from threading import Semaphore
from types import SimpleNamespace


def setup():
    return SimpleNamespace(bench=Semaphore(1), people=0)


def visit(shared):
    if shared.bench.acquire(blocking=False) or shared.bench.acquire(blocking=False):
        shared.people += 1
        assert shared.people == 1, "two people at one bench"
        shared.people -= 1
    shared.bench.release()


def one(shared):
    visit(shared)


def two(shared):
    visit(shared)
    visit(shared)


THREADS = [one, two]
