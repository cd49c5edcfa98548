"""One place too many.

The workshop has one bench. Whoever finds it free works; whoever does not goes away. At the end
everybody hands the place back, to be on the safe side."""

from threading import Semaphore
from types import SimpleNamespace

GOAL = "Break it: two people stand at the one bench."


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


class Rarer:
    """Try once more before going away: the bench must be taken at both tries.

    Who never had a place still hands one back, only less often.
    """

    def visit(shared):
        if shared.bench.acquire(blocking=False) or shared.bench.acquire(blocking=False):
            shared.people += 1
            assert shared.people == 1, "two people at one bench"
            shared.people -= 1
        shared.bench.release()


class Repaired:
    """Only who has taken a place hands it back."""

    HINT = "Count the places after somebody has gone away without one. Who may release?"

    def visit(shared):
        if shared.bench.acquire(blocking=False):
            shared.people += 1
            assert shared.people == 1, "two people at one bench"
            shared.people -= 1
            shared.bench.release()
