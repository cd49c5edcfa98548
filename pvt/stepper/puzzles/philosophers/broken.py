"""Three philosophers, three forks.

Each philosopher takes the fork on the left, then the fork on the right, eats, and puts both back. There are as
many forks as philosophers.
"""

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
