"""Three philosophers, three forks.

Each philosopher takes the fork on the left, then the fork on the right, eats, and puts both back.
There are as many forks as philosophers."""

from threading import Lock
from types import SimpleNamespace

GOAL = "Break it: all sit with one fork in hand, and nobody will ever eat."


def setup():
    return SimpleNamespace(a=Lock(), b=Lock(), c=Lock(), meals=0)


def eat(shared, left, right):
    with left, right:
        shared.meals += 1


def plato(shared):
    eat(shared, shared.a, shared.b)


def hypatia(shared):
    eat(shared, shared.b, shared.c)


def zeno(shared):
    eat(shared, shared.c, shared.a)


THREADS = [plato, hypatia, zeno]


def safe(shared):
    return shared.meals == 3


class Rarer:
    """Take no fork while the neighbour's is in use: three can look at three free forks, and then
    take them.

    Looking is not taking.
    """

    import time

    def eat(shared, left, right):
        if right.locked():
            time.sleep(0.1)
        with left, right:
            shared.meals += 1


class Repaired:
    """The forks have an order, and everybody takes the earlier one first: no circle can close."""

    HINT = "The circle closes because all reach in the same direction. One who reaches the other way opens it."

    def zeno(shared):
        eat(shared, shared.a, shared.c)
