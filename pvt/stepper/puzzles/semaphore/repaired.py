"""Only who has taken a place hands it back."""

from threading import Semaphore
from types import SimpleNamespace

HINT = "Count the places after somebody has gone away without one. Who may release?"


def setup():
    return SimpleNamespace(bench=Semaphore(1), people=0)


def visit(shared):
    if shared.bench.acquire(blocking=False):
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
