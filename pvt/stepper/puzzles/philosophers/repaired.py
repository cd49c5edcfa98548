"""The forks have an order, and everybody takes the earlier one first: no circle can close."""

from threading import Lock
from types import SimpleNamespace

HINT = "The circle closes because all reach in the same direction. One who reaches the other way opens it."


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
    eat(shared, shared.a, shared.c)


THREADS = [plato, hypatia, zeno]


def safe(shared):
    return shared.meals == 3
