"""Take no fork while the neighbour's is in use: three can look at three free forks, and then take them.

Looking is not taking.
"""

import time
from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(a=Lock(), b=Lock(), c=Lock(), meals=0)


def eat(shared, left, right):
    if right.locked():
        time.sleep(0.1)
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
